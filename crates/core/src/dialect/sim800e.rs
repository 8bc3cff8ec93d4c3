//! Rows of `sim800e`.

use crate::row::{Notice, Row};

/// The command forms, in the order of the manual.
pub const ROWS: &[Row] = &[];

/// The notices and headers.
pub const NOTICES: &[Notice] = &[];
