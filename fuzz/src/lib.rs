//! What the fuzz targets check. Each target is a function over bytes; the same input always does the same.

mod conserved;
pub mod framer;
