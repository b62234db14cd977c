//! Documents of the repository as pages: how to teach with pushlab, and what that leads to. A page is made of the
//! document when it is asked for, so that there is one text only, and a room without internet has it.

mod markup;

use std::{fs, io, path::Path};

use actix_web::{HttpRequest, HttpResponse, web};

use super::{
    files::{Pages, REVALIDATED},
    missing::not_found,
    served::File,
};
use crate::http::Error;

/// A document, its page, and its text as it was when the server was built.
struct Document {
    /// Its place in the repository.
    file: &'static str,
    address: &'static str,
    text: &'static str,
}

macro_rules! document {
    ($file:literal at $address:literal) => {
        Document {
            file: $file,
            address: $address,
            text: include_str!(concat!("../../../../../", $file)),
        }
    };
}

const TEACHING: Document = document!("docs/TEACHING.md" at "/teaching");

const ALL: [Document; 4] = [
    TEACHING,
    document!("reports/WORKSHEET.md" at "/teaching/worksheet"),
    document!("docs/GLOSSARY.md" at "/teaching/glossary"),
    document!("docs/MEASUREMENT.md" at "/teaching/measurement"),
];

/// `GET /teaching`.
pub async fn teaching(
    pages: web::Data<Pages>,
    request: HttpRequest,
) -> Result<HttpResponse, Error> {
    show(&TEACHING, &pages, &request).await
}

/// `GET /teaching/{document}`, which that leads to.
pub async fn beside_it(
    pages: web::Data<Pages>,
    request: HttpRequest,
) -> Result<HttpResponse, Error> {
    let found = ALL.iter().find(|each| each.address == request.path());
    match found {
        Some(document) => show(document, &pages, &request).await,
        None => not_found(&request, "there is no such document: begin at /teaching").await,
    }
}

async fn show(
    document: &Document,
    pages: &Pages,
    request: &HttpRequest,
) -> Result<HttpResponse, Error> {
    let frame = pages.frame("document").await?;
    let text = text_of(document, pages).await?;
    let page = filled(&frame, &text);
    let page = File::made("document.html", page.into(), request).map_err(Error::internal)?;
    Ok(page.serve(request, REVALIDATED))
}

/// The text. Whoever works on the pages has the documents beside their folder, and sees a change at the next reload.
async fn text_of(document: &Document, pages: &Pages) -> Result<String, Error> {
    let Some(folder) = pages.folder() else {
        return Ok(document.text.into());
    };
    let file = folder.join("..").join(document.file);
    let read = web::block(move || read_if_there(&file)).await;
    let read = read.map_err(Error::internal)?.map_err(Error::internal)?;
    Ok(read.unwrap_or_else(|| document.text.into()))
}

fn read_if_there(file: &Path) -> io::Result<Option<String>> {
    match fs::read_to_string(file) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}

fn filled(frame: &str, text: &str) -> String {
    let title = text.lines().find_map(|line| line.strip_prefix("# "));
    frame
        .replacen("{title}", title.unwrap_or("Document"), 1)
        .replacen("{text}", &markup::html(text, address_of), 1)
}

/// Where the site has the file that a link of a document leads to.
fn address_of(link: &str) -> Option<&'static str> {
    let name = |path: &'static str| path.rsplit('/').next();
    let wanted = link.rsplit('/').next();
    let found = ALL.iter().find(|each| name(each.file) == wanted);
    found.map(|each| each.address)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_between_the_documents_lead_to_their_pages() {
        assert_eq!(address_of("../docs/TEACHING.md"), Some("/teaching"));
        assert_eq!(address_of("GLOSSARY.md"), Some("/teaching/glossary"));
        assert_eq!(address_of("API.md"), None);
        let page = filled("<title>{title}</title>{text}", TEACHING.text);
        assert!(page.starts_with("<title>Teaching with pushlab</title>"));
        assert!(page.contains(r#"<a href="/teaching/worksheet">"#));
        assert!(!page.contains(".md\""), "a link that leads nowhere");
    }
}
