//! A connection to a real server.

use crate::resp::{self, Value};
use std::io::{Error, ErrorKind, Read, Result, Write};
use std::net::TcpStream;
use std::time::Duration;

pub struct Redis {
    stream: TcpStream,
    got: Vec<u8>,
    at: usize,
}

impl Redis {
    pub fn connect(address: &str) -> Result<Redis> {
        let stream = TcpStream::connect(address)?;
        stream.set_nodelay(true)?;
        stream.set_read_timeout(Some(Duration::from_secs(20)))?;
        Ok(Redis { stream, got: Vec::new(), at: 0 })
    }

    pub fn write(&mut self, bytes: &[u8]) -> Result<()> {
        self.stream.write_all(bytes)
    }

    /// The bytes of the next reply. An error when the server closed the connection or kept silent for 20 seconds.
    pub fn read(&mut self) -> Result<Vec<u8>> {
        loop {
            if self.at < self.got.len() {
                match resp::parse(&self.got[self.at..]) {
                    Ok(Some((_, n))) => {
                        let reply = self.got[self.at..self.at + n].to_vec();
                        self.at += n;
                        if self.at == self.got.len() {
                            self.got.clear();
                            self.at = 0;
                        }
                        return Ok(reply);
                    }
                    Ok(None) => {}
                    Err(e) => return Err(Error::new(ErrorKind::InvalidData, e)),
                }
            }
            let mut chunk = [0; 1 << 16];
            match self.stream.read(&mut chunk)? {
                0 => return Err(ErrorKind::UnexpectedEof.into()),
                n => self.got.extend_from_slice(&chunk[..n]),
            }
        }
    }

    /// Whatever comes within `wait` of the last byte, and whether the server has closed the connection.
    pub fn drain(&mut self, wait: Duration) -> (Vec<u8>, bool) {
        let mut out = self.got.split_off(self.at);
        self.got.clear();
        self.at = 0;
        let mut chunk = [0; 1 << 16];
        let mut closed = false;
        if self.stream.set_read_timeout(Some(wait)).is_ok() {
            loop {
                match self.stream.read(&mut chunk) {
                    Ok(n) if n > 0 => out.extend_from_slice(&chunk[..n]),
                    Err(e) if matches!(e.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => break,
                    _ => {
                        closed = true;
                        break;
                    }
                }
            }
        }
        self.stream.set_read_timeout(Some(Duration::from_secs(20))).ok();
        (out, closed)
    }

    /// What has come already, without waiting.
    pub fn take(&mut self) -> Result<Vec<u8>> {
        let mut out = self.got.split_off(self.at);
        self.got.clear();
        self.at = 0;
        self.stream.set_nonblocking(true)?;
        let mut chunk = [0; 1 << 16];
        loop {
            match self.stream.read(&mut chunk) {
                Ok(n) if n > 0 => out.extend_from_slice(&chunk[..n]),
                _ => break,
            }
        }
        self.stream.set_nonblocking(false)?;
        Ok(out)
    }

    /// As [`Redis::read`], but giving up after `wait`.
    pub fn read_within(&mut self, wait: Duration) -> Result<Vec<u8>> {
        self.stream.set_read_timeout(Some(wait))?;
        let reply = self.read();
        self.stream.set_read_timeout(Some(Duration::from_secs(20)))?;
        reply
    }

    pub fn call<A: AsRef<[u8]>>(&mut self, args: &[A]) -> Result<Value> {
        self.write(&resp::request(args))?;
        let bytes = self.read()?;
        match resp::parse(&bytes) {
            Ok(Some((v, _))) => Ok(v),
            _ => Err(ErrorKind::InvalidData.into()),
        }
    }
}
