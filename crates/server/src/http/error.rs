//! Maps every error to a status and a problem document.

use std::{collections::BTreeMap, fmt, time::Duration};

use actix_web::{
    HttpResponse, ResponseError,
    http::{Method, StatusCode, header},
};
use domain::{accounts::SignInError, chat::CreateRoomError, store::StoreError};
use protocol::Problem;

/// The challenge of a 401 (RFC 9110, 11.6.1). Browsers do not know this scheme, so they show no
/// password dialog.
const CHALLENGE: &str = "Session realm=\"pushlab\"";

/// After which a client may ask again for a room, though rooms are not removed: its operator may have
/// raised the limit.
const ROOMS_RETRY: Duration = Duration::from_mins(1);

/// An error response.
#[derive(Debug)]
pub struct Error {
    status: StatusCode,
    detail: String,
    errors: BTreeMap<String, String>,
    /// Header fields that the status requires.
    headers: Vec<(header::HeaderName, String)>,
}

impl Error {
    fn new(status: StatusCode, detail: impl Into<String>) -> Self {
        Error {
            status,
            detail: detail.into(),
            errors: BTreeMap::new(),
            headers: Vec::new(),
        }
    }

    fn retry_after(self, wait: Duration) -> Self {
        let seconds = wait.as_secs_f64().ceil().max(1.0);
        self.with(header::RETRY_AFTER, seconds.to_string())
    }

    fn with(mut self, name: header::HeaderName, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    pub fn bad_request(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, detail)
    }

    pub fn not_signed_in() -> Self {
        Self::new(
            StatusCode::UNAUTHORIZED,
            "no account is signed in: sign in first",
        )
        .with(header::WWW_AUTHENTICATE, CHALLENGE)
    }

    /// The address is for WebSocket handshakes only.
    pub fn upgrade_required(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::UPGRADE_REQUIRED, detail)
            .with(header::UPGRADE, "websocket")
            .with(header::SEC_WEBSOCKET_VERSION, "13")
    }

    /// The body was not received in time.
    pub fn body_timeout() -> Self {
        Self::new(
            StatusCode::REQUEST_TIMEOUT,
            "the body was not received in time",
        )
    }

    /// The header section of a request was not received in time.
    pub fn request_timeout() -> Self {
        Self::new(
            StatusCode::REQUEST_TIMEOUT,
            "the request was not received in time",
        )
    }

    pub fn header_too_large() -> Self {
        Self::new(
            StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE,
            "a header section must be at most 128 KiB with 96 fields",
        )
    }

    pub fn forbidden(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::FORBIDDEN, detail)
    }

    pub fn not_found(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::NOT_FOUND, detail)
    }

    pub fn method_not_allowed(methods: &[Method]) -> Self {
        let allowed = methods
            .iter()
            .map(Method::as_str)
            .collect::<Vec<_>>()
            .join(", ");
        let error = Self::new(
            StatusCode::METHOD_NOT_ALLOWED,
            format!("the allowed methods at this address are {allowed}"),
        );
        error.with(header::ALLOW, allowed)
    }

    pub fn unavailable(detail: impl Into<String>) -> Self {
        Self::full(detail, Duration::from_secs(1))
    }

    /// Somebody has reached a limit of their own.
    pub fn too_many(detail: impl Into<String>, wait: Duration) -> Self {
        Self::new(StatusCode::TOO_MANY_REQUESTS, detail).retry_after(wait)
    }

    /// The server is full.
    pub fn full(detail: impl Into<String>, wait: Duration) -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, detail).retry_after(wait)
    }

    /// The client has read another history than this one.
    pub fn other_history(epoch: &str) -> Self {
        Self::invalid(
            "epoch",
            format!(
                "the messages were restored, and have other numbers since: forget what you have, and read again \
                 with epoch {epoch}, without after or with after=0"
            ),
        )
    }

    /// Only a guest's account can be given a password.
    pub fn no_guest() -> Self {
        let why = "this account has a password already: it stays";
        Self::new(StatusCode::CONFLICT, why)
    }

    pub fn taken(field: &str, detail: &str) -> Self {
        let mut error = Self::new(StatusCode::CONFLICT, detail);
        error.errors.insert(field.into(), detail.into());
        error
    }

    pub fn too_large() -> Self {
        Self::new(
            StatusCode::PAYLOAD_TOO_LARGE,
            "a body must be at most 64 KiB",
        )
    }

    pub fn media_type() -> Self {
        Self::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "send JSON, with Content-Type: application/json",
        )
    }

    /// The body has a content coding (RFC 9110, 15.5.16).
    pub fn encoded_body() -> Self {
        Self::new(
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
            "send the body without Content-Encoding",
        )
        .with(header::ACCEPT_ENCODING, "identity")
    }

    /// One field or parameter is invalid.
    pub fn invalid(field: &str, reason: impl Into<String>) -> Self {
        Self::invalid_fields([(field.to_owned(), reason.into())].into())
    }

    /// Several fields are invalid.
    pub fn invalid_fields(errors: BTreeMap<String, String>) -> Self {
        let reasons: Vec<_> = errors
            .iter()
            .map(|(field, reason)| format!("{field} {reason}"))
            .collect();
        let mut error = Self::new(StatusCode::UNPROCESSABLE_ENTITY, reasons.join("; "));
        error.errors = errors;
        error
    }

    /// The JSON is well-formed, but does not have the expected shape.
    pub fn wrong_shape(detail: impl Into<String>) -> Self {
        Self::new(StatusCode::UNPROCESSABLE_ENTITY, detail)
    }

    /// The server failed. The reason is written to the log only.
    pub fn internal(reason: impl fmt::Display) -> Self {
        tracing::error!(why = %reason, "a request failed");
        Self::new(
            StatusCode::INTERNAL_SERVER_ERROR,
            "the server failed; its log has the reason",
        )
    }

    pub fn status(&self) -> StatusCode {
        self.status
    }

    /// The standard phrase of the status.
    pub fn title(&self) -> &'static str {
        match self.status {
            // RFC 9110's names, which the http crate does not use yet.
            StatusCode::UNPROCESSABLE_ENTITY => "Unprocessable Content",
            StatusCode::PAYLOAD_TOO_LARGE => "Content Too Large",
            status => status.canonical_reason().unwrap_or("Error"),
        }
    }
}

impl From<StoreError> for Error {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::Busy => {
                Self::unavailable("too many requests at once: try again in a moment")
            }
            StoreError::Unavailable(why) => {
                tracing::error!(%why, "the database cannot be used");
                Self::unavailable("the database cannot be used now: try again in a moment")
            }
            StoreError::Unknown(why) => {
                tracing::error!(%why, "the database was lost while it stored");
                Self::unavailable(
                    "the database was lost, and it is not known whether this was stored: with the same key it can \
                     be sent again and is stored once; without a key, look first",
                )
            }
            StoreError::Failed(reason) => Self::internal(reason),
        }
    }
}

impl From<CreateRoomError> for Error {
    fn from(error: CreateRoomError) -> Self {
        match error {
            CreateRoomError::Store(error) => error.into(),
            limit => Self::too_many(limit.to_string(), ROOMS_RETRY),
        }
    }
}

impl From<SignInError> for Error {
    fn from(error: SignInError) -> Self {
        match error {
            SignInError::Wrong => Self::new(StatusCode::UNAUTHORIZED, error.to_string())
                .with(header::WWW_AUTHENTICATE, CHALLENGE),
            SignInError::TooMany { retry_after } => Self::too_many(
                "too many wrong passwords for this account: wait a little",
                retry_after,
            ),
            SignInError::Store(error) => error.into(),
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.detail)
    }
}

impl ResponseError for Error {
    fn status_code(&self) -> StatusCode {
        self.status
    }

    fn error_response(&self) -> HttpResponse {
        let mut problem = Problem::new(self.status.as_u16(), self.title(), &self.detail);
        problem.errors.clone_from(&self.errors);
        let mut response = HttpResponse::build(self.status);
        for (name, value) in &self.headers {
            response.insert_header((name.clone(), value.as_str()));
        }
        response
            .insert_header((header::CONTENT_TYPE, Problem::CONTENT_TYPE))
            .insert_header((header::CACHE_CONTROL, "no-store"))
            .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
            .body(serde_json::to_vec(&problem).unwrap_or_default())
    }
}
