//! Passwords at the console: typed without echo, piped in, or made here.

use std::io::{self, BufRead, IsTerminal, Write};

use clap::Args;
use rustix::termios::{LocalModes, OptionalActions, SpecialCodeIndex, Termios, tcgetattr, tcsetattr};

use super::EXIT_USAGE;
use super::console::Failure;
use crate::auth::Secret;

/// Groups of four letters of a password that is made here: 98 bits.
const GROUPS: usize = 5;
/// What Ctrl-C types.
const INTERRUPT: u8 = 3;

#[derive(Args)]
#[group(multiple = false)]
pub(super) struct PasswordArgs {
    /// Read the password from standard input, one line. Without this it is asked for at the terminal.
    #[arg(long)]
    password_stdin: bool,
    /// Make a password, and print it once.
    #[arg(long)]
    generate: bool,
}

/// A new password.
pub(super) struct Chosen {
    pub(super) password: Secret,
    /// It was made here: nobody knows it yet.
    pub(super) is_generated: bool,
}

impl PasswordArgs {
    /// The new password.
    ///
    /// # Errors
    ///
    /// There is none to be had, with the remedy.
    pub(super) fn choose(&self) -> Result<Chosen, Failure> {
        if self.generate {
            return Ok(Chosen { password: Secret::typeable(GROUPS), is_generated: true });
        }
        let password = if self.password_stdin { read_line()? } else { ask_twice()? };
        Ok(Chosen { password, is_generated: false })
    }
}

fn ask_twice() -> Result<Secret, Failure> {
    if !io::stdin().is_terminal() {
        let remedy = "there is no terminal to ask for a password; use --password-stdin or --generate";
        return Err(Failure::new(EXIT_USAGE, remedy));
    }
    let password = ask("password: ")?;
    if ask("once more: ")?.expose() != password.expose() {
        return Err(Failure::new(EXIT_USAGE, "these are two passwords; nothing was changed"));
    }
    Ok(password)
}

/// Asks at the terminal, which shows nothing of the answer.
fn ask(question: &str) -> Result<Secret, Failure> {
    let silent = Silence::begin().map_err(|error| no_terminal(&error))?;
    drop(write!(io::stderr().lock(), "{question}"));
    let answer = read_line();
    drop(silent);
    drop(writeln!(io::stderr().lock()));
    let answer = answer?;
    if answer.expose().bytes().any(|byte| byte == INTERRUPT) {
        return Err(Failure::new(EXIT_USAGE, "nothing was changed"));
    }
    Ok(answer)
}

fn no_terminal(error: &io::Error) -> Failure {
    Failure::new(EXIT_USAGE, format!("the terminal cannot be silenced ({error}); use --password-stdin"))
}

fn read_line() -> Result<Secret, Failure> {
    let mut line = String::new();
    let read = io::stdin().lock().read_line(&mut line);
    if let Err(error) = read {
        return Err(Failure::new(EXIT_USAGE, format!("standard input cannot be read: {error}")));
    }
    Ok(Secret::new(line.trim_end_matches(['\r', '\n']).to_owned()))
}

/// The terminal while it shows nothing. Dropped, it is as before.
struct Silence(Termios);

impl Silence {
    fn begin() -> io::Result<Self> {
        let before = tcgetattr(io::stdin())?;
        let mut silent = before.clone();
        // Ctrl-C ends the line instead of the process, which would leave the terminal silent.
        silent.local_modes.remove(LocalModes::ECHO | LocalModes::ISIG);
        silent.special_codes[SpecialCodeIndex::VEOL] = INTERRUPT;
        tcsetattr(io::stdin(), OptionalActions::Flush, &silent)?;
        Ok(Self(before))
    }
}

impl Drop for Silence {
    fn drop(&mut self) {
        // There is nobody to tell, and nothing else to try.
        let _ = tcsetattr(io::stdin(), OptionalActions::Flush, &self.0);
    }
}
