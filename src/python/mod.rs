//! Python as the driver sees it: which interpreter to embed, and the processes
//! that run snippets with it.
//!
//! Nothing in here links to Python; the worker alone does.

pub mod interpreters;
