//! Probe.
use pyo3::prelude::*;
use std::ffi::CString;

#[pyfunction]
fn serve(py: Python<'_>) -> PyResult<()> {
    let sys = py.import("sys")?;
    println!("{} {} {}", sys.getattr("version")?, sys.getattr("prefix")?, sys.getattr("executable")?);
    Ok(())
}
#[pymodule]
fn _verify(m: &Bound<'_, PyModule>) -> PyResult<()> { m.add_function(wrap_pyfunction!(serve, m)?)?; Ok(()) }

#[allow(unsafe_code)]
fn main() {
    pyo3::append_to_inittab!(_verify);
    let exe = std::env::args().nth(1).unwrap();
    let args: Vec<CString> = [exe.as_str(), "-s", "-c", "import _verify; _verify.serve()"].iter().map(|a| CString::new(*a).unwrap()).collect();
    let mut argv: Vec<*mut std::ffi::c_char> = args.iter().map(|a| a.as_ptr().cast_mut()).collect();
    unsafe extern "C" { fn Py_BytesMain(argc: i32, argv: *mut *mut std::ffi::c_char) -> i32; }
    let code = unsafe { Py_BytesMain(argv.len() as i32, argv.as_mut_ptr()) };
    std::process::exit(code);
}
