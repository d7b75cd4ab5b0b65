//! The words, letter by letter from the beginning: of them the automaton's table is made.
//!
//! The table is the only thing here that is large, and each of its rows is written once: that is
//! most of what a short log takes.

use crate::literals::{CLASSES, Meanings, State};

/// A place in the words. Node 0 is their beginning.
#[derive(Clone, Copy, Default)]
struct Node {
    class: u8,
    /// The first that follows, and the next that follows the same; 0 if there is none.
    child: State,
    sibling: State,
    /// Where the longest end of this node's text leads with which a word begins.
    other: State,
    /// Which meanings have ended here, counted from 1.
    end: State,
}

/// The tree while words are put in.
pub(crate) struct Tree {
    nodes: Vec<Node>,
    meanings: Vec<Meanings>,
}

/// The automaton's parts.
pub(crate) struct Table {
    /// For each state and class the next state.
    pub(crate) steps: Vec<State>,
    /// In states from here on a word has ended,
    pub(crate) ended: State,
    /// and this is what it means.
    pub(crate) meanings: Vec<Meanings>,
}

impl Default for Tree {
    fn default() -> Self {
        Tree { nodes: vec![Node::default()], meanings: vec![] }
    }
}

impl Tree {
    pub(crate) fn put(&mut self, word: impl Iterator<Item = u8>, meanings: Meanings) {
        let mut at = 0;
        for class in word {
            if let Some(child) = self.child(at, class) {
                at = child;
                continue;
            }
            // There are far fewer nodes; a test counts.
            let Ok(new) = State::try_from(self.nodes.len()) else { return };
            let sibling = self.node(at).child;
            self.nodes.push(Node { class, sibling, ..Node::default() });
            self.change(at, |node| node.child = new);
            at = new;
        }
        self.meanings.push(meanings);
        let end = State::try_from(self.meanings.len()).unwrap_or(0);
        self.change(at, |node| node.end = end);
    }

    fn node(&self, at: State) -> Node {
        self.nodes.get(usize::from(at)).copied().unwrap_or_default()
    }

    fn change(&mut self, at: State, how: impl FnOnce(&mut Node)) {
        if let Some(node) = self.nodes.get_mut(usize::from(at)) {
            how(node);
        }
    }

    fn children(&self, at: State) -> impl Iterator<Item = State> {
        let first = Some(self.node(at).child).filter(|child| *child != 0);
        std::iter::successors(first, |child| {
            Some(self.node(*child).sibling).filter(|sibling| *sibling != 0)
        })
    }

    fn child(&self, at: State, class: u8) -> Option<State> {
        self.children(at).find(|child| self.node(*child).class == class)
    }

    /// Links each node to that of the longest end of its text with which another word begins. Gives
    /// the nodes, shorter ones first.
    fn link(&mut self) -> Vec<State> {
        let mut order = vec![0];
        let mut done = 0;
        while let Some(at) = order.get(done).copied() {
            done += 1;
            let before = order.len();
            order.extend(self.children(at));
            for child in order.iter().skip(before).copied() {
                let class = self.node(child).class;
                let mut other = self.node(at).other;
                let mut follows = if at == 0 { Some(0) } else { self.child(other, class) };
                while follows.is_none() && other != 0 {
                    other = self.node(other).other;
                    follows = self.child(other, class);
                }
                let other = follows.unwrap_or(0);
                let end = self.both(self.node(child).end, self.node(other).end);
                self.change(child, |node| (node.other, node.end) = (other, end));
            }
        }
        order
    }

    /// What has ended where the one and the other have.
    fn both(&mut self, mine: State, other: State) -> State {
        if mine == 0 || other == 0 {
            return mine.max(other);
        }
        if let Some(more) = self.meanings.get(usize::from(other) - 1).copied()
            && let Some(meanings) = self.meanings.get_mut(usize::from(mine) - 1)
        {
            meanings.add(&more);
        }
        mine
    }

    /// The table. States are numbered so that those where a word has ended come last.
    pub(crate) fn table(mut self) -> Table {
        let order = self.link();
        let (last, first): (Vec<State>, Vec<State>) =
            order.iter().copied().partition(|at| self.node(*at).end != 0);
        let mut states = vec![0; self.nodes.len()];
        for (state, at) in (0..).zip(first.iter().chain(&last)) {
            if let Some(slot) = states.get_mut(usize::from(*at)) {
                *slot = state;
            }
        }
        let state = |at: State| states.get(usize::from(at)).copied().unwrap_or(0);
        let mut steps = vec![0; order.len() * CLASSES];
        for at in order.iter().copied() {
            let row = usize::from(state(at)) * CLASSES;
            if at != 0 {
                // Shorter, so that it is there already.
                let other = usize::from(state(self.node(at).other)) * CLASSES;
                steps.copy_within(other..other + CLASSES, row);
            }
            for child in self.children(at) {
                let step = row + usize::from(self.node(child).class);
                if let Some(step) = steps.get_mut(step) {
                    *step = state(child);
                }
            }
        }
        let meanings = last.iter().filter_map(|at| {
            self.meanings.get(usize::from(self.node(*at).end).checked_sub(1)?).copied()
        });
        Table {
            steps,
            ended: State::try_from(first.len()).unwrap_or(State::MAX),
            meanings: meanings.collect(),
        }
    }
}
