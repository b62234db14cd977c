//! The tables, the same in every supported database but for what its own module says.

diesel::table! {
    accounts (id) {
        id -> BigInt,
        username -> Text,
        display_name -> Text,
        password_hash -> Text,
        created_at -> BigInt,
    }
}

diesel::table! {
    sessions (id) {
        id -> Text,
        account_id -> BigInt,
        expires_at -> BigInt,
    }
}

diesel::table! {
    rooms (id) {
        id -> BigInt,
        name -> Text,
        title -> Text,
        created_by -> Nullable<Text>,
        head -> BigInt,
    }
}

diesel::table! {
    messages (room_id, seq) {
        room_id -> BigInt,
        seq -> BigInt,
        author -> Text,
        display_name -> Text,
        body -> Text,
        key -> Nullable<Text>,
        sent_at -> BigInt,
    }
}

diesel::table! {
    // One row.
    history (epoch) {
        epoch -> Text,
    }
}

diesel::joinable!(sessions -> accounts (account_id));
diesel::joinable!(messages -> rooms (room_id));
diesel::allow_tables_to_appear_in_same_query!(accounts, sessions, rooms, messages);
