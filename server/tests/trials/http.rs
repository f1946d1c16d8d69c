//! A client for HTTP/1.1 that keeps its connection: as little as a load generator needs, so that it
//! measures the server and not itself.

use std::{io, net::SocketAddr};

use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _},
    net::TcpStream,
};

/// A connection that is kept for call after call.
pub(crate) struct Connection {
    stream: TcpStream,
    buffer: Vec<u8>,
}

/// An answer: its status, its head as text, and its body.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) head: String,
    pub(crate) body: Vec<u8>,
}

impl Answer {
    /// The value of a header, by its name in lower case.
    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.head.lines().find_map(|line| {
            let (key, value) = line.split_once(':')?;
            key.eq_ignore_ascii_case(name).then(|| value.trim())
        })
    }
}

impl Connection {
    pub(crate) async fn open(address: SocketAddr) -> io::Result<Self> {
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self {
            stream,
            buffer: Vec::with_capacity(4_096),
        })
    }

    /// Sends a whole request and returns the status of the answer, which is read and thrown away.
    pub(crate) async fn status(&mut self, request: &[u8]) -> io::Result<u16> {
        let (head, length) = self.exchange(request).await?;
        let status = status(&self.buffer[..head]);
        self.buffer.drain(..head + length);
        status
    }

    /// Sends a whole request and returns the whole answer.
    pub(crate) async fn call(&mut self, request: &[u8]) -> io::Result<Answer> {
        let (head, length) = self.exchange(request).await?;
        let answer = Answer {
            status: status(&self.buffer[..head])?,
            head: String::from_utf8_lossy(&self.buffer[..head]).into_owned(),
            body: self.buffer[head..head + length].to_vec(),
        };
        self.buffer.drain(..head + length);
        Ok(answer)
    }

    /// Sends, and reads until the answer is in the buffer: the lengths of its head and its body.
    async fn exchange(&mut self, request: &[u8]) -> io::Result<(usize, usize)> {
        self.stream.write_all(request).await?;
        loop {
            if let Some((head, body)) = lengths(&self.buffer)?
                && self.buffer.len() >= head + body
            {
                return Ok((head, body));
            }
            if self.stream.read_buf(&mut self.buffer).await? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
        }
    }
}

/// The lengths of head and body, once the head is whole.
fn lengths(buffer: &[u8]) -> io::Result<Option<(usize, usize)>> {
    let Some(end) = memchr::memmem::find(buffer, b"\r\n\r\n") else {
        return Ok(None);
    };
    let head = &buffer[..end];
    // Tenure writes names in lower case, and Node in title case.
    let body = memchr::memmem::find(head, b"\r\ncontent-length:")
        .or_else(|| memchr::memmem::find(head, b"\r\nContent-Length:"))
        .and_then(|at| head[at + 17..].split(|byte| *byte == b'\r').next())
        .map_or(Ok(0), |value| {
            let text = std::str::from_utf8(value).map_err(io::Error::other)?;
            text.trim().parse().map_err(io::Error::other)
        })?;
    Ok(Some((end + 4, body)))
}

fn status(head: &[u8]) -> io::Result<u16> {
    head.get(9..12)
        .and_then(|digits| std::str::from_utf8(digits).ok()?.parse().ok())
        .ok_or_else(|| io::Error::other("no status line"))
}
