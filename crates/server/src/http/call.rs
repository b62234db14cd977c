//! An address and the methods that it knows; any other is told which those are.

use actix_web::{
    FromRequest, Handler, HttpResponse, Resource, Responder, guard, http::Method, web,
};

use super::Error;

/// StepKind is served at one address.
pub struct Call {
    resource: Resource,
    methods: Vec<Method>,
}

/// Begins to describe what is served at `path`.
pub fn call(path: &str) -> Call {
    Call {
        resource: web::resource(path),
        methods: Vec::new(),
    }
}

impl Call {
    /// GET, and HEAD, which is GET without the body.
    pub fn read<F, Args>(mut self, handler: F) -> Self
    where
        F: Handler<Args>,
        Args: FromRequest + 'static,
        F::Output: Responder + 'static,
    {
        let route = web::route().guard(guard::Any(guard::Get()).or(guard::Head()));
        self.resource = self.resource.route(route.to(handler));
        self.methods.extend([Method::GET, Method::HEAD]);
        self
    }

    /// This method alone.
    pub fn on<F, Args>(mut self, method: Method, handler: F) -> Self
    where
        F: Handler<Args>,
        Args: FromRequest + 'static,
        F::Output: Responder + 'static,
    {
        self.resource = self.resource.route(web::method(method.clone()).to(handler));
        self.methods.push(method);
        self
    }

    /// The service, which answers 405 to any other method.
    pub fn service(self) -> Resource {
        let methods = self.methods;
        self.resource.default_service(web::to(move || {
            let refusal = Error::method_not_allowed(&methods);
            async move { Err::<HttpResponse, _>(refusal) }
        }))
    }
}
