//! Statements that diesel's builder has no words for.

use diesel::{
    QueryResult,
    pg::Pg,
    query_builder::{AstPass, Query, QueryFragment, QueryId},
    sql_types::{Array, BigInt, Binary, Nullable, Text, Untyped},
};

/// A statement whose text does not depend on its values, so that a connection prepares it once. (That of
/// `diesel::sql_query` is prepared each time, since diesel cannot know that.)
pub struct Statement<'a> {
    /// With a `?` for each value.
    sql: &'static str,
    values: Vec<Value<'a>>,
}

/// A value, or an array of them.
pub enum Value<'a> {
    Number(i64),
    Text(&'a str),
    Numbers(Vec<i64>),
    Texts(Vec<&'a str>),
    OptionalTexts(Vec<Option<&'a str>>),
    Bytes(Vec<&'a [u8]>),
}

impl<'a> Statement<'a> {
    pub fn new(sql: &'static str, values: Vec<Value<'a>>) -> Self {
        Statement { sql, values }
    }
}

impl QueryFragment<Pg> for Statement<'_> {
    fn walk_ast<'b>(&'b self, mut out: AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        let mut pieces = self.sql.split('?');
        out.push_sql(pieces.next().unwrap_or_default());
        for (value, piece) in self.values.iter().zip(pieces) {
            value.bind(&mut out)?;
            out.push_sql(piece);
        }
        Ok(())
    }
}

impl Value<'_> {
    fn bind<'b>(&'b self, out: &mut AstPass<'_, 'b, Pg>) -> QueryResult<()> {
        match self {
            Value::Number(number) => out.push_bind_param::<BigInt, _>(number),
            Value::Text(text) => out.push_bind_param::<Text, _>(text),
            Value::Numbers(numbers) => out.push_bind_param::<Array<BigInt>, _>(numbers),
            Value::Texts(texts) => out.push_bind_param::<Array<Text>, _>(texts),
            Value::OptionalTexts(texts) => out.push_bind_param::<Array<Nullable<Text>>, _>(texts),
            Value::Bytes(bytes) => out.push_bind_param::<Array<Binary>, _>(bytes),
        }
    }
}

impl QueryId for Statement<'_> {
    type QueryId = ();
    // The text is the key of what is prepared.
    const HAS_STATIC_QUERY_ID: bool = false;
}

impl Query for Statement<'_> {
    type SqlType = Untyped;
}
