//! The virtual module against the examples of the documents, byte by byte.

mod a7600;
mod coverage;
mod documents;
mod every_line;
mod faults;
mod kingcom;
mod line;
mod network;
mod pins;
mod rda8955;
mod rig;
mod rows;
mod sim7000;
mod sim800;
mod sim800e;
mod states;
