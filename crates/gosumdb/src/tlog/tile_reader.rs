//! Hashes out of tiles, each proven to belong to one tree (`tlog.TileHashReader`).

use super::tile::{parent, subtree};
use super::tree::{checked, subtree_indexes};
use super::{
    Error, Hash, HashReader, Tile, TileReader, Tree, hash_from_tile, stored_hash_index,
    tile_for_index,
};
use std::collections::HashMap;

/// Reads hashes of one tree from tiles that need not be trusted: what it returns belongs to that tree.
#[derive(Debug)]
pub struct TileHashReader<'a, T: ?Sized> {
    tree: Tree,
    tiles: &'a T,
}

impl<'a, T: TileReader + ?Sized> TileHashReader<'a, T> {
    /// A reader of this tree, which is trusted, from those tiles.
    pub fn new(tree: Tree, tiles: &'a T) -> Self {
        Self { tree, tiles }
    }
}

/// The tiles to read: parents before their children.
#[derive(Default)]
struct Plan {
    tiles: Vec<Tile>,
    order: HashMap<Tile, usize>,
    /// The hashes that add up to that of the tree, each with the place of its tile in `tiles`.
    tops: Vec<(u64, usize)>,
    /// How many tiles those need; they come first.
    top_tiles: usize,
    /// The hashes that are asked for.
    wanted: Vec<(u64, usize)>,
}

impl Plan {
    fn new(height: u32, size: u64, indexes: &[u64]) -> Result<Self, Error> {
        let mut plan = Self::default();
        let mut tops = Vec::new();
        subtree_indexes(0, checked(size)?, &mut tops)?;
        for index in tops {
            let tile = tile_for_index(height, index)?;
            let tile = parent(tile, 0, size).ok_or(Error::NotInTree)?;
            let place = plan.add(tile);
            plan.tops.push((index, place));
        }
        plan.top_tiles = plan.tiles.len();
        let end = stored_hash_index(0, size).ok_or(Error::TooLarge(size))?;
        for index in indexes {
            if *index >= end {
                return Err(Error::NotInTree);
            }
            let place = plan.add_with_parents(tile_for_index(height, *index)?, size)?;
            plan.wanted.push((*index, place));
        }
        Ok(plan)
    }

    fn add(&mut self, tile: Tile) -> usize {
        let next = self.tiles.len();
        let place = *self.order.entry(tile).or_insert(next);
        if place == next {
            self.tiles.push(tile);
        }
        place
    }

    /// Adds the tile that holds what `tile` holds, and its parents up to one that is there already.
    fn add_with_parents(&mut self, tile: Tile, size: u64) -> Result<usize, Error> {
        let mut missing = Vec::new();
        for levels in 0.. {
            // The tile over the whole tree is always there, so the tree cannot end first.
            let tile = parent(tile, levels, size).ok_or(Error::NotInTree)?;
            if self.order.contains_key(&tile) {
                missing.push(tile);
                break;
            }
            // Only a full tile has a parent in the tree.
            if tile != tile.full() {
                return Err(Error::NotInTree);
            }
            missing.push(tile);
        }
        let mut place = Err(Error::NotInTree);
        for tile in missing.into_iter().rev() {
            place = Ok(self.add(tile));
        }
        place
    }

    /// Whether the tiles are what the tree is made of.
    fn authenticate(&self, data: &[Vec<u8>], tree: Tree) -> Result<(), Error> {
        let mut root: Option<Hash> = None;
        for (index, place) in self.tops.iter().rev() {
            let left = self.hash(data, *index, *place)?;
            root = Some(root.map_or(left, |right| Hash::of_node(&left, &right)));
        }
        if root != Some(tree.hash) {
            return Err(Error::InconsistentTile);
        }
        for (tile, data_of_tile) in self.tiles.iter().zip(data).skip(self.top_tiles) {
            let above = parent(*tile, 1, tree.size).ok_or(Error::NotInTree)?;
            let place = *self.order.get(&above).ok_or(Error::NotInTree)?;
            let height = i64::from(above.height);
            let level = u32::try_from(above.level * height).ok();
            let index = level.zip(u64::try_from(tile.number).ok());
            let index = index.and_then(|(level, number)| stored_hash_index(level, number));
            let hash = self.hash(data, index.ok_or(Error::NotInTree)?, place)?;
            if subtree(data_of_tile.chunks_exact(Hash::SIZE)) != Some(hash) {
                return Err(Error::InconsistentTile);
            }
        }
        Ok(())
    }

    fn hash(&self, data: &[Vec<u8>], index: u64, place: usize) -> Result<Hash, Error> {
        let tile = self.tiles.get(place).zip(data.get(place));
        let (tile, data) = tile.ok_or(Error::NotInTree)?;
        hash_from_tile(*tile, data, index)
    }
}

impl<T: TileReader + ?Sized> HashReader for TileHashReader<'_, T> {
    type Error = T::Error;

    fn read_hashes(&self, indexes: &[u64]) -> Result<Vec<Hash>, T::Error> {
        let plan = Plan::new(self.tiles.height(), self.tree.size, indexes)?;
        let data = self.tiles.read_tiles(&plan.tiles)?;
        if data.len() != plan.tiles.len() {
            return Err(Error::TileCount { wanted: plan.tiles.len(), got: data.len() }.into());
        }
        for (tile, data) in plan.tiles.iter().zip(&data) {
            if data.len() != tile.bytes() {
                let (tile, wanted) = (tile.path(), tile.bytes());
                return Err(Error::TileLength { tile, got: data.len(), wanted }.into());
            }
        }
        plan.authenticate(&data, self.tree)?;
        self.tiles.save_tiles(&plan.tiles, &data);
        let hash = |(index, place): &(u64, usize)| Ok(plan.hash(&data, *index, *place)?);
        plan.wanted.iter().map(hash).collect()
    }
}
