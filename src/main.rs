//! The console's entry point: boot.js runs this once the WebAssembly is there.
fn main() {
    tenure_console::start();
}
