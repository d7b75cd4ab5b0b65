//! The container of a PDB: streams, each a list of blocks, as a file system in a file has them.
//!
//! Source: LLVM's `docs/PDB/MsfFile.rst`, Microsoft's `microsoft-pdb/PDB/msf/msf.cpp` ("big" MSF 7.00).
//! A block belongs to one stream at most; so all streams together are no longer than the file, and that is
//! held before any is read: lists that are cyclic or claim too much are refused and cost nothing.

use crate::Error;
use std::io::{Read, Seek, SeekFrom};

const MAGIC: &[u8; 32] = b"Microsoft C/C++ MSF 7.00\r\n\x1aDS\0\0\0";
/// `MSF_HB`: magic, page size, free page map, pages, size of the directory, unused; then where the list of
/// the directory's pages is.
const SUPERBLOCK: usize = 32 + 5 * 4;
/// What `link /PDBPAGESIZE` writes.
const BLOCK_SIZES: std::ops::RangeInclusive<u32> = 512..=32768;
/// A stream that was deleted.
const NONE: u32 = u32::MAX;

/// A file of streams.
pub(super) struct Msf<F> {
    file: F,
    block_size: u32,
    blocks: u32,
    streams: Vec<Stream>,
    /// The blocks of all streams, one behind the other.
    list: Vec<u32>,
}

/// A stream: its bytes, and where its blocks begin in the list.
#[derive(Clone, Copy)]
struct Stream {
    size: u32,
    first: usize,
}

/// Little-endian, as all of a PDB is.
pub(super) fn u32_at(data: &[u8], at: usize) -> Option<u32> {
    Some(u32::from_le_bytes(data.get(at..at.checked_add(4)?)?.try_into().ok()?))
}

/// The same, of two bytes.
pub(super) fn u16_at(data: &[u8], at: usize) -> Option<u16> {
    Some(u16::from_le_bytes(data.get(at..at.checked_add(2)?)?.try_into().ok()?))
}

impl<F: Read + Seek> Msf<F> {
    /// Reads the superblock and the directory.
    ///
    /// # Errors
    /// It is no PDB, or is cut off, or lists blocks that cannot be.
    pub(super) fn open(mut file: F) -> Result<Self, Error> {
        let size = file.seek(SeekFrom::End(0)).map_err(|err| unreadable(&err))?;
        let mut head = [0; 512];
        let head = match size {
            0 => return Err(Error::malformed("it is empty")),
            1..512 => return Err(Error::malformed("it is no PDB, or is cut off")),
            _ => {
                read(&mut file, 0, &mut head)?;
                &head
            }
        };
        if !head.starts_with(MAGIC) {
            let old = head.starts_with(b"Microsoft C/C++ program database 2.00");
            let portable = head.starts_with(b"BSJB");
            return Err(Error::malformed(match () {
                () if old => "a PDB of the format 2.00, which no linker has written since 2002",
                () if portable => "a portable PDB of .NET",
                () => "it is no PDB: the first bytes are others",
            }));
        }
        let word = |index: usize| u32_at(head, 32 + index * 4).unwrap_or(0);
        let (block_size, blocks, directory) = (word(0), word(2), word(3));
        if !BLOCK_SIZES.contains(&block_size) || !block_size.is_power_of_two() {
            return Err(Error::malformed(format!("blocks of {block_size} bytes")));
        }
        let claimed = u64::from(blocks) * u64::from(block_size);
        if claimed > size {
            return Err(Error::malformed(format!(
                "it is cut off: {size} bytes of {claimed} are there"
            )));
        }
        let mut msf = Self { file, block_size, blocks, streams: vec![], list: vec![] };
        // The directory's pages are listed in pages, and those are listed behind the superblock.
        let pages = msf.count(directory);
        let listing = msf.count(pages.checked_mul(4).ok_or_else(too_much)?);
        if pages > blocks || head.len() < SUPERBLOCK + listing as usize * 4 {
            return Err(too_much());
        }
        let numbers = |data: &[u8], count: u32| -> Vec<u32> {
            (0..count as usize).map_while(|index| u32_at(data, index * 4)).collect()
        };
        let listing = numbers(head.get(SUPERBLOCK..).unwrap_or_default(), listing);
        let pages = numbers(&msf.blocks(&listing, pages * 4)?, pages);
        let data = msf.blocks(&pages, directory)?;
        msf.directory(&data)?;
        Ok(msf)
    }

    /// Streams, the sizes of all, the blocks of all.
    fn directory(&mut self, data: &[u8]) -> Result<(), Error> {
        let cut_off = || Error::malformed("the directory of streams is cut off");
        let count = u32_at(data, 0).ok_or_else(cut_off)? as usize;
        if count > data.len() / 4 {
            return Err(cut_off());
        }
        let mut first = 0_usize;
        for index in 0..count {
            let size = u32_at(data, 4 + index * 4).ok_or_else(cut_off)?;
            let size = if size == NONE { 0 } else { size };
            self.streams.push(Stream { size, first });
            first = first.saturating_add(self.count(size) as usize);
        }
        if first > self.blocks as usize {
            return Err(too_much());
        }
        let lists = data.get(4 + count * 4..).ok_or_else(cut_off)?;
        let list = (0..first).map(|index| u32_at(lists, index * 4));
        self.list = list.collect::<Option<_>>().ok_or_else(cut_off)?;
        let mut seen = vec![false; self.blocks as usize];
        for block in &self.list {
            match seen.get_mut(*block as usize) {
                Some(seen) if !*seen => *seen = true,
                Some(_) => return Err(Error::malformed("a block belongs to two streams")),
                None => return Err(Error::malformed("a stream lies outside of the file")),
            }
        }
        Ok(())
    }

    /// Blocks that so many bytes take.
    fn count(&self, bytes: u32) -> u32 {
        bytes.div_ceil(self.block_size)
    }

    /// Bytes of these blocks. No list is longer than the file: its callers see to that.
    fn blocks(&mut self, list: &[u32], size: u32) -> Result<Vec<u8>, Error> {
        let mut data = vec![0; size as usize];
        let (mut at, mut done) = (0, 0);
        while done < data.len() {
            let wrong = || Error::malformed("a stream lies outside of the file");
            let first = *list.get(at).ok_or_else(wrong)?;
            // Neighbours are read at once.
            let rest = list.get(at..).unwrap_or_default();
            let run = rest.iter().zip(first..self.blocks).take_while(|(a, b)| *a == b).count();
            let from = u64::from(first) * u64::from(self.block_size);
            let end = done.saturating_add(run * self.block_size as usize).min(data.len());
            if run == 0 {
                return Err(wrong());
            }
            read(&mut self.file, from, data.get_mut(done..end).unwrap_or_default())?;
            (at, done) = (at + run, end);
        }
        Ok(data)
    }

    /// How many there are.
    pub(super) fn streams(&self) -> usize {
        self.streams.len()
    }

    /// Bytes of a block.
    pub(super) fn block_size(&self) -> u32 {
        self.block_size
    }

    /// A stream's bytes; none where there is no such stream.
    ///
    /// # Errors
    /// The file cannot be read.
    pub(super) fn stream(&mut self, number: impl Into<u32>) -> Result<Option<Vec<u8>>, Error> {
        let Some(stream) = self.streams.get(number.into() as usize).copied() else {
            return Ok(None);
        };
        let end = stream.first + self.count(stream.size) as usize;
        let list = self.list.get(stream.first..end).unwrap_or_default().to_vec();
        self.blocks(&list, stream.size).map(Some)
    }
}

fn too_much() -> Error {
    Error::malformed("its streams claim more than the file holds")
}

fn unreadable(err: &std::io::Error) -> Error {
    Error::malformed(err.to_string().to_lowercase())
}

fn read(file: &mut (impl Read + Seek), at: u64, into: &mut [u8]) -> Result<(), Error> {
    file.seek(SeekFrom::Start(at)).map_err(|err| unreadable(&err))?;
    file.read_exact(into).map_err(|err| unreadable(&err))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Cursor;

    /// Lays streams out as a linker does, of blocks of 512 bytes, the lists at the end.
    fn write(streams: &[Vec<u8>]) -> Vec<u8> {
        const BLOCK: usize = 512;
        let mut blocks: Vec<Vec<u8>> = vec![vec![0; BLOCK]; 3];
        let add = |blocks: &mut Vec<Vec<u8>>, data: &[u8]| -> Vec<u32> {
            let chunks = data.chunks(BLOCK).map(|chunk| {
                let mut block = chunk.to_vec();
                block.resize(BLOCK, 0);
                blocks.push(block);
                u32::try_from(blocks.len() - 1).unwrap()
            });
            chunks.collect()
        };
        let lists: Vec<Vec<u32>> = streams.iter().map(|data| add(&mut blocks, data)).collect();
        let bytes = |numbers: &mut dyn Iterator<Item = u32>| -> Vec<u8> {
            numbers.flat_map(u32::to_le_bytes).collect()
        };
        let mut directory = vec![u32::try_from(streams.len()).unwrap()];
        directory.extend(streams.iter().map(|data| u32::try_from(data.len()).unwrap()));
        directory.extend(lists.into_iter().flatten());
        let directory = bytes(&mut directory.into_iter());
        let pages = add(&mut blocks, &directory);
        let listing = add(&mut blocks, &bytes(&mut pages.into_iter()));
        let total = u32::try_from(blocks.len()).unwrap();
        let mut head = MAGIC.to_vec();
        head.extend(bytes(
            &mut [512, 1, total, u32::try_from(directory.len()).unwrap(), 0].into_iter(),
        ));
        head.extend(bytes(&mut listing.into_iter()));
        head.resize(BLOCK, 0);
        blocks[0] = head;
        blocks.concat()
    }

    #[test]
    fn a_directory_whose_list_takes_several_blocks_is_read() {
        // 9 MB: the directory takes 140 blocks, and so their list two.
        let streams: Vec<Vec<u8>> =
            (0..9).map(|at| vec![at; 1_000_000 + usize::from(at)]).collect();
        let mut msf = Msf::open(Cursor::new(write(&streams))).unwrap();
        assert_eq!(msf.streams(), streams.len());
        for (at, wanted) in streams.iter().enumerate() {
            let found = msf.stream(u32::try_from(at).unwrap()).unwrap();
            assert!(found.as_ref() == Some(wanted), "stream {at}");
        }
        assert_eq!(msf.stream(9_u32).unwrap(), None);
    }

    #[test]
    fn lists_that_cannot_be_are_refused() {
        let good = write(&[vec![1; 600], vec![2; 600]]);
        let refused = |at: usize, value: u32| -> String {
            let mut bytes = good.clone();
            bytes[at..at + 4].copy_from_slice(&value.to_le_bytes());
            Msf::open(Cursor::new(bytes)).err().map(|err| err.to_string()).unwrap_or_default()
        };
        assert!(refused(0, 0).contains("no PDB"));
        for size in [0, 1, 511, 513, 1 << 16, u32::MAX] {
            assert!(refused(32, size).contains("blocks of"), "{size}");
        }
        assert!(refused(40, 100).contains("cut off"));
        assert!(refused(44, u32::MAX).contains("more than the file holds"));
        // Blocks 3 to 6 are the streams', 7 is the directory: count, two sizes, four blocks.
        let directory = 7 * 512;
        assert!(refused(directory, u32::MAX).contains("cut off"));
        assert!(refused(directory + 4, u32::MAX - 1).contains("more than the file holds"));
        assert!(refused(directory + 12, 4).contains("two streams"));
        assert!(refused(directory + 12, 99).contains("outside"));
        for length in [0, 1, 100, 511, 512, 4000, good.len() - 1] {
            assert!(Msf::open(Cursor::new(&good[..length])).is_err(), "{length}");
        }
    }
}
