//! Why a connection ended.

#[derive(Debug, thiserror::Error)]
pub enum Failure {
    #[error("{0}")]
    Io(#[from] std::io::Error),
    #[error("{0}")]
    Http(#[from] hyper::Error),
    #[error("{0}")]
    Socket(Box<tokio_tungstenite::tungstenite::Error>),
    #[error("the connection was closed")]
    Closed,
    #[error("no response in time")]
    Silent,
    #[error("the response had status {0}")]
    Refused(u16),
}

impl From<tokio_tungstenite::tungstenite::Error> for Failure {
    fn from(error: tokio_tungstenite::tungstenite::Error) -> Self {
        Failure::Socket(Box::new(error))
    }
}
