//! Tiles: the hashes of a tree, cut into files that never change once they are full.

use super::tree::read;
use super::{Error, Hash, HashReader, split_stored_hash_index, stored_hash_index};
use std::collections::VecDeque;

/// Numbers are written in path elements of three digits.
const BASE: i64 = 1000;

/// How many hashes are asked of a store at once.
const READ_AT_ONCE: usize = 256;

/// The coordinates of a tile: `width` consecutive hashes at level `height * level` of the tree, from
/// `number * 2^height` on. What is not stored, the levels up to the next tile, is computed from them.
///
/// The numbers are those of Go's struct. [`Tile::parse`] and the functions that make tiles give sound ones; what others
/// put together is checked where it is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Tile {
    /// How many levels of the tree it covers: 1 to 30.
    pub height: u32,
    /// The level among tiles, from 0; −1 is raw record data instead of hashes.
    pub level: i64,
    /// The number within the level, from 0.
    pub number: i64,
    /// How many hashes it has: 1 to `2^height`, the full width.
    pub width: i64,
}

impl Tile {
    /// The width of a full tile of this height; 0 if there is no such number.
    pub(super) fn full_width(height: u32) -> i64 {
        1_i64.checked_shl(height).unwrap_or(0)
    }

    /// The same tile in full width.
    #[must_use]
    pub fn full(self) -> Self {
        Self { width: Self::full_width(self.height), ..self }
    }

    /// The length of its data in bytes.
    pub(crate) fn bytes(self) -> usize {
        usize::try_from(self.width).unwrap_or(usize::MAX).saturating_mul(Hash::SIZE)
    }

    /// The path on the server: `tile/8/0/x001/234.p/5`; without the end for a full tile, and with `data` for level −1
    /// (`Tile.Path`).
    pub fn path(&self) -> String {
        let mut rest = self.number;
        let mut number = format!("{:03}", rest % BASE);
        while rest >= BASE {
            rest /= BASE;
            number = format!("x{:03}/{number}", rest % BASE);
        }
        let level = if self.level == -1 { "data".to_owned() } else { self.level.to_string() };
        let mut path = format!("tile/{}/{level}/{number}", self.height);
        if self.width != Self::full_width(self.height) {
            path.push_str(&format!(".p/{}", self.width));
        }
        path
    }

    /// Reads such a path; only the one spelling that [`Tile::path`] has is right (`tlog.ParseTilePath`).
    ///
    /// # Errors
    /// [`Error::MalformedTilePath`]
    pub fn parse(path: &str) -> Result<Self, Error> {
        let tile = parse(path).filter(|tile| tile.path() == path);
        tile.ok_or_else(|| Error::MalformedTilePath(path.to_owned()))
    }
}

fn parse(path: &str) -> Option<Tile> {
    let mut rest = path.strip_prefix("tile/")?.split('/');
    let height = rest.next()?.parse().ok().filter(|height| (1..=30).contains(height))?;
    let level = match rest.next()? {
        "data" => -1,
        level => level.parse().ok().filter(|level: &i64| *level >= 0)?,
    };
    let mut elements: VecDeque<&str> = rest.collect();
    let mut width = Tile::full_width(height);
    let last = elements.pop_back()?;
    match elements.back_mut().and_then(|partial| partial.strip_suffix(".p").map(|p| (p, partial))) {
        Some((number, partial)) => {
            *partial = number;
            let full = width;
            width = last.parse().ok().filter(|width: &i64| (1..full).contains(width))?;
        }
        None => elements.push_back(last),
    }
    let number = elements.iter().try_fold(0_i64, |number, element| {
        let digits = element.strip_prefix('x').unwrap_or(element);
        let digits = digits.parse().ok().filter(|digits| (0..BASE).contains(digits))?;
        number.checked_mul(BASE)?.checked_add(digits)
    })?;
    Some(Tile { height, level, number, width })
}

/// A tile, and which of its hashes (from, count) add up to a stored hash.
pub(super) struct Place {
    pub(super) tile: Tile,
    first: usize,
    count: usize,
}

/// The narrowest tile that holds a stored hash (`tlog.tileForIndex`); `None` if the height is not 1 to 30.
pub(super) fn place(height: u32, index: u64) -> Option<Place> {
    if !(1..=30).contains(&height) {
        return None;
    }
    let (level, n) = split_stored_hash_index(index);
    let within = level % height;
    // So many hashes of the tile belong to one hash at this level, and so many such hashes does a tile have.
    let count = 1_u64 << within;
    let per_tile = 1_u64 << (height - within);
    let (number, n) = (n / per_tile, n % per_tile);
    let first = n * count;
    let tile = Tile {
        height,
        level: i64::from(level / height),
        number: i64::try_from(number).ok()?,
        width: i64::try_from(first + count).ok()?,
    };
    Some(Place { tile, first: usize::try_from(first).ok()?, count: usize::try_from(count).ok()? })
}

/// The narrowest tile of height 1 to 30 that holds a stored hash (`tlog.TileForIndex`).
///
/// # Errors
/// [`Error::InvalidTile`]: there is no such height.
pub fn tile_for_index(height: u32, index: u64) -> Result<Tile, Error> {
    let place = place(height, index);
    place.map(|place| place.tile).ok_or_else(|| Error::InvalidTile(format!("of height {height}")))
}

/// The hash at a storage index, out of the data of a tile that holds it (`tlog.HashFromTile`).
///
/// # Errors
/// [`Error::InvalidTile`], [`Error::ShortTile`], [`Error::WrongTile`].
pub fn hash_from_tile(tile: Tile, data: &[u8], index: u64) -> Result<Hash, Error> {
    let Tile { height, level, width, .. } = tile;
    let invalid = || Error::InvalidTile(tile.path());
    if !(0..64).contains(&level) || !(1..=Tile::full_width(height)).contains(&width) {
        return Err(invalid());
    }
    let place = place(height, index).ok_or_else(invalid)?;
    if data.len() < tile.bytes() {
        return Err(Error::ShortTile { length: data.len(), tile: tile.path() });
    }
    let holder = place.tile;
    if level != holder.level || tile.number != holder.number || width < holder.width {
        return Err(Error::WrongTile { index, holder: holder.path(), tile: tile.path() });
    }
    let hashes = data.chunks_exact(Hash::SIZE).skip(place.first).take(place.count);
    subtree(hashes).ok_or_else(invalid)
}

/// The hash of a complete subtree of these hashes (`tlog.tileHash`); `None` if their number is no power of two.
pub(super) fn subtree<'a>(hashes: impl Iterator<Item = &'a [u8]>) -> Option<Hash> {
    let hashes = hashes.map(|hash| hash.try_into().ok().map(Hash));
    let mut hashes: Vec<Hash> = hashes.collect::<Option<_>>()?;
    while hashes.len() > 1 {
        let node = |pair: &[Hash]| match pair {
            [left, right] => Some(Hash::of_node(left, right)),
            _ => None,
        };
        hashes = hashes.chunks(2).map(node).collect::<Option<_>>()?;
    }
    hashes.first().copied()
}

/// The tiles to publish when a tree grows from `old` to `new` records (`tlog.NewTiles`). There may be very many; they
/// are made one by one. There are none of a height that is not 1 to 30.
pub fn new_tiles(height: u32, old: u64, new: u64) -> impl Iterator<Item = Tile> {
    let levels = if (1..=30).contains(&height) { 64_u32.div_ceil(height) } else { 0 };
    (0..levels).flat_map(move |level| {
        let shifted = |size: u64| size.checked_shr(height.saturating_mul(level)).unwrap_or(0);
        let (old, new) = (shifted(old), shifted(new));
        let full = new.checked_shr(height).unwrap_or(0);
        let changed = if old == new { full } else { old.checked_shr(height).unwrap_or(0) };
        let partial = new - full.checked_shl(height).unwrap_or(0);
        let last = (old != new && partial > 0).then_some((full, partial));
        let tile = move |(number, width): (u64, Option<u64>)| {
            let width = width.map_or(Some(Tile::full_width(height)), |w| i64::try_from(w).ok());
            let number = i64::try_from(number).ok();
            number.zip(width).map(|(number, width)| Tile {
                height,
                level: i64::from(level),
                number,
                width,
            })
        };
        let fulls = (changed..full).map(|number| (number, None));
        fulls.chain(last.map(|(number, width)| (number, Some(width)))).filter_map(tile)
    })
}

/// The data of a tile, from a store of hashes (`tlog.ReadTileData`).
///
/// # Errors
/// [`Error::InvalidTile`], and those of the reader.
pub fn read_tile_data<R: HashReader + ?Sized>(tile: Tile, reader: &R) -> Result<Vec<u8>, R::Error> {
    let invalid = || Error::InvalidTile(tile.path());
    let full = Tile::full_width(tile.height);
    let level = u32::try_from(tile.level).ok().and_then(|level| level.checked_mul(tile.height));
    let start = u64::try_from(tile.number)
        .ok()
        .and_then(|number| number.checked_mul(u64::try_from(full).ok()?));
    let width = u64::try_from(tile.width).ok().filter(|_| (1..=30).contains(&tile.height));
    let width = width.filter(|_| (1..=full).contains(&tile.width));
    let (Some(level), Some(start), Some(width)) = (level, start, width) else {
        return Err(invalid().into());
    };
    let index = |n: u64| stored_hash_index(level, start.checked_add(n)?);
    let mut data = Vec::new();
    // Piece by piece: a tile of height 30 is large, and the reader may have none of it.
    for first in (0..width).step_by(READ_AT_ONCE) {
        let piece = (first..width).take(READ_AT_ONCE).map(index);
        let indexes = piece.collect::<Option<Vec<_>>>().ok_or_else(invalid)?;
        data.extend(read(reader, &indexes)?.iter().flat_map(|hash| hash.0));
    }
    Ok(data)
}

/// A source of tiles, which need not be trusted.
pub trait TileReader {
    /// What reading may come to.
    type Error: From<Error>;

    /// The height of its tiles: 1 to 30.
    fn height(&self) -> u32;

    /// The data of each tile.
    ///
    /// # Errors
    /// Some tile cannot be had.
    fn read_tiles(&self, tiles: &[Tile]) -> Result<Vec<Vec<u8>>, Self::Error>;

    /// Takes note that these tiles belong to the tree, so they may be kept.
    fn save_tiles(&self, tiles: &[Tile], data: &[Vec<u8>]);
}

/// The tile that holds the hash of the whole of `tile`, `levels` up, in a tree of `size` records, as wide as that tree
/// makes it; `None` if the tree ends before it (`tlog.tileParent`).
pub(super) fn parent(tile: Tile, levels: u32, size: u64) -> Option<Tile> {
    let height = tile.height;
    let level = u32::try_from(tile.level).ok()?.checked_add(levels)?;
    let number = u64::try_from(tile.number).ok()?;
    let number = number.checked_shr(levels.checked_mul(height)?).unwrap_or(0);
    // How many hashes the level has in that tree.
    let end = size.checked_shr(level.checked_mul(height)?).unwrap_or(0);
    let start = number.checked_mul(u64::try_from(Tile::full_width(height)).ok()?)?;
    let width = i64::try_from(end.checked_sub(start).filter(|rest| *rest > 0)?).ok()?;
    let width = width.min(Tile::full_width(height));
    Some(Tile { height, level: i64::from(level), number: i64::try_from(number).ok()?, width })
}
