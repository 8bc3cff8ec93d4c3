//! Colour on a terminal, plain text elsewhere.

use std::io::IsTerminal;

/// How a part of a line looks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// What the host says.
    Host,
    /// What the module says.
    Module,
    /// Payload.
    Payload,
    /// Bad news.
    Bad,
    /// Explanations.
    Dim,
}

/// Whether to use colour.
#[derive(Clone, Copy, Debug)]
pub struct Colour(bool);

impl Colour {
    /// Colour when stdout is a terminal and `NO_COLOR` is not set.
    pub fn of_stdout() -> Self {
        let unwanted = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        Self(std::io::stdout().is_terminal() && !unwanted)
    }

    /// Never.
    #[cfg(test)]
    pub fn none() -> Self {
        Self(false)
    }

    /// The text in this style.
    pub fn paint(self, style: Style, text: &str) -> String {
        if !self.0 || text.is_empty() {
            return text.to_owned();
        }
        let code = match style {
            Style::Host => "36",
            Style::Module => "32",
            Style::Payload => "33",
            Style::Bad => "31",
            Style::Dim => "2",
        };
        format!("\x1b[{code}m{text}\x1b[0m")
    }
}
