//! Waiting until a server answers. The only place in the tasks that lets time pass.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::{Duration, Instant};

/// How often a server is asked.
const PAUSE: Duration = Duration::from_millis(50);

/// Asks again and again until `answer` gives something, at most for `limit`.
pub(crate) fn until<T>(limit: Duration, mut answer: impl FnMut() -> Option<T>) -> Option<T> {
    let deadline = Instant::now() + limit;
    loop {
        if let Some(found) = answer() {
            return Some(found);
        }
        if Instant::now() >= deadline {
            return None;
        }
        pause(PAUSE);
    }
}

/// Lets this much time pass.
#[expect(
    clippy::disallowed_methods,
    reason = "another process is awaited, and it has no event to offer"
)]
pub(crate) fn pause(time: Duration) {
    std::thread::sleep(time);
}

/// The status of `GET path`, or `None` when nobody answers.
pub(crate) fn status(address: SocketAddr, path: &str) -> Option<u16> {
    let timeout = Duration::from_secs(2);
    let mut stream = TcpStream::connect_timeout(&address, timeout).ok()?;
    stream.set_read_timeout(Some(timeout)).ok()?;
    write!(
        stream,
        "GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n"
    )
    .ok()?;
    let mut head = [0; 32];
    let read = stream.read(&mut head).ok()?;
    status_code(head.get(..read)?)
}

/// Reads `HTTP/1.1 200 OK`.
fn status_code(head: &[u8]) -> Option<u16> {
    let text = std::str::from_utf8(head).ok()?;
    text.strip_prefix("HTTP/1.")?
        .split(' ')
        .nth(1)?
        .parse()
        .ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::net::TcpListener;

    #[test]
    fn the_status_line_is_read() {
        assert_eq!(status_code(b"HTTP/1.1 200 OK\r\n"), Some(200));
        assert_eq!(status_code(b"HTTP/1.0 503 Service Unavai"), Some(503));
        assert_eq!(status_code(b"SSH-2.0-OpenSSH"), None);
    }

    #[test]
    fn a_closed_port_has_no_status() -> std::io::Result<()> {
        let address = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
        assert_eq!(status(address, "/readyz"), None);
        Ok(())
    }

    #[test]
    fn waiting_ends_with_the_answer_or_the_limit() {
        let mut tries = 0;
        let third = until(Duration::from_secs(5), || {
            tries += 1;
            (tries == 3).then_some(tries)
        });
        assert_eq!(third, Some(3));
        assert_eq!(until(Duration::ZERO, || None::<u8>), None);
    }
}
