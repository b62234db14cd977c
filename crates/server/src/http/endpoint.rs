//! A path with its methods. For any other method it responds 405 with `Allow`.

use actix_web::{
    FromRequest, Handler, HttpResponse, Resource, Responder, Route, guard, http::Method, web,
};

use super::Error;

/// The handlers of one path.
pub struct Endpoint {
    pub path: &'static str,
    pub methods: Vec<Method>,
    routes: Vec<Route>,
}

/// Starts the definition of an endpoint at `path`.
pub fn endpoint(path: &'static str) -> Endpoint {
    Endpoint {
        path,
        methods: Vec::new(),
        routes: Vec::new(),
    }
}

impl Endpoint {
    /// Adds a handler for GET and for HEAD, which is GET without the body.
    pub fn get_and_head<F, Args>(mut self, handler: F) -> Self
    where
        F: Handler<Args>,
        Args: FromRequest + 'static,
        F::Output: Responder + 'static,
    {
        let route = web::route().guard(guard::Any(guard::Get()).or(guard::Head()));
        self.routes.push(route.to(handler));
        self.methods.extend([Method::GET, Method::HEAD]);
        self
    }

    /// Adds a handler for this method.
    pub fn on<F, Args>(mut self, method: Method, handler: F) -> Self
    where
        F: Handler<Args>,
        Args: FromRequest + 'static,
        F::Output: Responder + 'static,
    {
        let route = web::method(method.clone());
        self.routes.push(route.to(handler));
        self.methods.push(method);
        self
    }

    /// The finished service, which responds 405 to any other method.
    pub fn service(self) -> Resource {
        let methods = self.methods;
        let resource = self
            .routes
            .into_iter()
            .fold(web::resource(self.path), Resource::route);
        resource.default_service(web::to(move || {
            let refusal = Error::method_not_allowed(&methods);
            async move { Err::<HttpResponse, _>(refusal) }
        }))
    }
}
