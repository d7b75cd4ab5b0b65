//! Tiles from the cache, else from the server.

use super::{Client, Error, Ops, ReadError};
use crate::tlog::{Tile, TileReader};
use std::sync::{Arc, PoisonError};

impl<O: Ops> TileReader for Client<O> {
    type Error = Error;

    fn height(&self) -> u32 {
        self.tile_height
    }

    fn read_tiles(&self, tiles: &[Tile]) -> Result<Vec<Vec<u8>>, Error> {
        let read = |tile: &Tile| match self.tiles.get(*tile, || self.read_tile(*tile)) {
            Ok(data) => Ok(data.to_vec()),
            Err(error) => Err(Error::Read { file: self.tile_file(*tile), error }),
        };
        tiles.iter().map(read).collect()
    }

    fn save_tiles(&self, tiles: &[Tile], data: &[Vec<u8>]) {
        for (tile, data) in tiles.iter().zip(data) {
            if self.mark_saved(*tile) {
                self.ops.write_cache(&self.tile_file(*tile), data);
            }
        }
    }
}

impl<O: Ops> Client<O> {
    fn tile_file(&self, tile: Tile) -> String {
        format!("{}/{}", self.name(), tile.path())
    }

    /// Takes note that the cache has a tile; whether that is news.
    fn mark_saved(&self, tile: Tile) -> bool {
        self.saved.lock().unwrap_or_else(PoisonError::into_inner).insert(tile)
    }

    fn read_tile(&self, tile: Tile) -> Result<Arc<[u8]>, ReadError> {
        if let Some(data) = self.read_cache(&self.tile_file(tile)) {
            self.mark_saved(tile);
            return Ok(data.into());
        }
        // Once a tile is full, the full one is what others have asked for.
        let full = tile.full();
        if tile != full
            && let Some(data) = self.read_cache(&self.tile_file(full))
        {
            self.mark_saved(tile);
            return Ok(cut(&data, tile));
        }
        let remote = |tile: Tile| self.ops.read_remote(&format!("/{}", tile.path()));
        let error = match remote(tile) {
            Ok(data) => return Ok(data.into()),
            Err(error) => error,
        };
        // A server may keep only full tiles. The rest of it is not yet proven, so it is not kept.
        if tile != full
            && let Ok(data) = remote(full)
        {
            return Ok(cut(&data, tile));
        }
        Err(error)
    }
}

/// The beginning of a full tile, as wide as `tile`.
fn cut(data: &[u8], tile: Tile) -> Arc<[u8]> {
    let width = |tile: Tile| usize::try_from(tile.width).unwrap_or(usize::MAX);
    // Go's arithmetic: what has the wrong length keeps a wrong length.
    let end =
        data.len().checked_div(width(tile.full())).map(|each| each.saturating_mul(width(tile)));
    data.get(..end.unwrap_or(0)).unwrap_or(data).into()
}
