//! A helper: the accounts that are signed in.

use harness::User;
use serde_json::Value;

pub async fn signed_in(user: &User) -> Vec<String> {
    let list: Value = user.get("/api/sessions").await.json().await.unwrap();
    let accounts = list["accounts"].as_array().unwrap().clone();
    accounts
        .iter()
        .map(|account| account["username"].as_str().unwrap().to_owned())
        .collect()
}
