//! A module proxy made of files, and one on loopback that misbehaves on request.

use anyhow::Result;
use std::fs;
use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::path::Path;
use std::time::Duration;

/// Publishes `module@version` in a folder that `GOPROXY=file://` can read.
pub fn publish(root: &Path, module: &str, files: &[(&str, &str)]) -> Result<()> {
    let (path, version) = module.split_once('@').unwrap_or((module, "v1.0.0"));
    let folder = root.join(path).join("@v");
    fs::create_dir_all(&folder)?;
    let gomod = files.iter().find(|(name, _)| *name == "go.mod");
    let gomod = gomod.map_or_else(|| format!("module {path}\n"), |(_, text)| (*text).to_owned());
    fs::write(folder.join(format!("{version}.mod")), gomod)?;
    fs::write(
        folder.join(format!("{version}.info")),
        format!("{{\"Version\":\"{version}\",\"Time\":\"2024-05-01T12:00:00Z\"}}"),
    )?;
    let list = fs::read_to_string(folder.join("list")).unwrap_or_default();
    fs::write(folder.join("list"), format!("{list}{version}\n"))?;
    fs::write(folder.join(format!("{version}.zip")), zip(module, files))?;
    Ok(())
}

/// A zip of stored files.
fn zip(prefix: &str, files: &[(&str, &str)]) -> Vec<u8> {
    let mut out = vec![];
    let mut directory = vec![];
    let mut count = 0_u16;
    for (name, text) in files {
        let name = format!("{prefix}/{name}");
        let offset = out.len() as u32;
        let mut head = vec![];
        head.extend_from_slice(&[20, 0, 0, 0, 0, 0, 0, 0, 0x21, 0x58]);
        head.extend_from_slice(&crc32fast::hash(text.as_bytes()).to_le_bytes());
        head.extend_from_slice(&(text.len() as u32).to_le_bytes());
        head.extend_from_slice(&(text.len() as u32).to_le_bytes());
        head.extend_from_slice(&(name.len() as u16).to_le_bytes());
        head.extend_from_slice(&[0, 0]);
        out.extend_from_slice(b"PK\x03\x04");
        out.extend_from_slice(&head);
        out.extend_from_slice(name.as_bytes());
        out.extend_from_slice(text.as_bytes());
        directory.extend_from_slice(b"PK\x01\x02\x14\0");
        directory.extend_from_slice(&head);
        directory.extend_from_slice(&[0; 10]);
        directory.extend_from_slice(&offset.to_le_bytes());
        directory.extend_from_slice(name.as_bytes());
        count += 1;
    }
    let offset = out.len() as u32;
    out.extend_from_slice(&directory);
    out.extend_from_slice(b"PK\x05\x06\0\0\0\0");
    out.extend_from_slice(&count.to_le_bytes());
    out.extend_from_slice(&count.to_le_bytes());
    out.extend_from_slice(&(directory.len() as u32).to_le_bytes());
    out.extend_from_slice(&offset.to_le_bytes());
    out.extend_from_slice(&[0, 0]);
    out
}

/// Starts the proxy that misbehaves; the first part of the path says how. It ends with the process.
pub fn start() -> Result<String> {
    let listener = TcpListener::bind("127.0.0.1:0")?;
    let address = format!("http://{}", listener.local_addr()?);
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            std::thread::spawn(move || answer(stream));
        }
    });
    Ok(address)
}

fn answer(mut stream: std::net::TcpStream) -> Option<()> {
    let mut request = [0; 2048];
    let count = stream.read(&mut request).ok()?;
    // A TLS handshake is answered in the clear.
    if request.first() == Some(&0x16) {
        return stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").ok();
    }
    let text = String::from_utf8_lossy(request.get(..count)?).into_owned();
    let path = text.split(' ').nth(1)?;
    let how = path.split('/').nth(1)?;
    let (status, body) = match how {
        "404" => ("404 Not Found", "not found: the module is not here\n"),
        "404-revision" => (
            "404 Not Found",
            "not found: example.com/dep@v1.0.0: invalid version: unknown revision v1.0.0\n",
        ),
        "404-private" => (
            "404 Not Found",
            "not found: git ls-remote -q origin in /tmp/gopath/pkg/mod/cache/vcs/0123456789abcdef: exit status 128:\n\tfatal: could not read Username for 'https://git.example.com': terminal prompts disabled\nConfirm the import path was entered correctly.\nIf this is a private repository, see https://golang.org/doc/faq#git_https for additional information.\n",
        ),
        "410" => ("410 Gone", "not found: the module was removed\n"),
        "401" => ("401 Unauthorized", "credentials are required\n"),
        "403" => ("403 Forbidden", "access denied\n"),
        "500" => ("500 Internal Server Error", "something broke\n"),
        "502" => ("502 Bad Gateway", "<html>bad gateway</html>\n"),
        "503" => ("503 Service Unavailable", "try later\n"),
        "429" => ("429 Too Many Requests", "slow down\n"),
        "html" => ("200 OK", "<html><body>please log in</body></html>\n"),
        "redirect" => ("302 Found", ""),
        "reset" => {
            // Closing with unread data in the socket resets it.
            stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n{").ok()?;
            return None;
        }
        "close" => return None,
        "slow" => {
            std::thread::sleep(Duration::from_secs(150));
            return None;
        }
        _ => ("400 Bad Request", ""),
    };
    let location = if how == "redirect" { format!("Location: {path}x\r\n") } else { String::new() };
    let head = format!(
        "HTTP/1.1 {status}\r\n{location}Content-Type: text/plain\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).ok()?;
    stream.write_all(body.as_bytes()).ok()
}
