//! Why it can't be told whether a claim holds. The words for it are made where it is reported.

use serde::{Deserialize, Serialize};

use super::Open;

/// Why it can't be told whether a claim holds.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum WhyUnchecked {
    /// The note says it of these Pythons.
    OtherPython(String),
    /// doctest's directive says so.
    Doctest,
    /// The note asks not to compare it.
    NotToCompare,
    /// It is said of a type checker, not of a run.
    TypeChecker,
    /// All of it is left out.
    AllLeftOut,
    /// Its snippet was not run.
    NotRun,
    /// An earlier snippet that it needs did not run to its end.
    EarlierNotRun,
    /// The run was stopped before its end.
    Stopped,
    /// The run was ended, as by `sys.exit`.
    Ended,
    /// The run ended before it with an exception of this class, on no line that is known.
    EndedWith(String),
    /// The run ended before it on this line.
    EndedOn(usize),
    /// A statement above it raised what the note does not tell, on this line, so that what it rests on is not known.
    BelowError(usize),
    /// The output was too long to keep all of it.
    OutputCut,
    /// Its line was not reached, or has no value that can be seen.
    NotSeen,
    /// Its line was not reached, or the code catches what it raises.
    NotRaised,
    /// The code catches an exception of the name that is claimed.
    Caught,
    /// It may be about something else than the value of its line.
    OfSomethingElse,
    /// The comparison is neither true nor false.
    NoTruth,
    /// The type of what came can't be seen.
    NoType,
    /// What comes depends on the machine.
    OfTheMachine,
    /// What comes rests on this.
    Open(Open),
    /// This name is not defined.
    Undefined(String),
    /// This module is not there.
    NoModule(String),
    /// A file or folder is needed that is not there, as this message says.
    NoFile(String),
    /// It waits for input.
    Input,
    /// It needs a display.
    Display,
    /// It needs the network.
    Network,
    /// Its code is no whole Python.
    Broken,
}
