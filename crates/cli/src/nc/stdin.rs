//! Stdin, a piece at a time and only when it is wanted.

use std::io::Read as _;
use std::sync::mpsc::{self, Receiver, Sender, SyncSender};

use crate::ports::Input;

/// The reader of stdin; it starts with the first wish.
pub struct Stdin {
    inputs: SyncSender<Input>,
    wishes: Option<Sender<usize>>,
}

impl Stdin {
    /// Its pieces go to `inputs`.
    pub fn new(inputs: SyncSender<Input>) -> Self {
        Self { inputs, wishes: None }
    }

    /// Wishes for the next piece, of at most so many bytes.
    pub fn want(&mut self, len: usize) {
        let inputs = &self.inputs;
        let wishes = self.wishes.get_or_insert_with(|| {
            let (sender, receiver) = mpsc::channel();
            let inputs = inputs.clone();
            std::thread::spawn(move || read(&receiver, &inputs));
            sender
        });
        // The reader ends after the end of stdin, and then there is nothing to wish for.
        let _ = wishes.send(len);
    }
}

fn read(wishes: &Receiver<usize>, inputs: &SyncSender<Input>) {
    for len in wishes {
        let mut buffer = vec![0; len];
        let input = match std::io::stdin().read(&mut buffer) {
            Ok(0) | Err(_) => Input::UserEnd,
            Ok(len) => {
                buffer.truncate(len);
                Input::User(buffer)
            }
        };
        let is_end = matches!(input, Input::UserEnd);
        if inputs.send(input).is_err() || is_end {
            return;
        }
    }
}
