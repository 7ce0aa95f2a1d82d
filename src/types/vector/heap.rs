//! A binary heap of nodes by distance. The library's would come once for each order.

/// The smallest key on top; for the largest, keys are put in with the other sign.
#[derive(Default)]
pub struct Heap(pub Vec<(f32, u32)>);

impl Heap {
    #[inline]
    pub fn push(&mut self, key: f32, node: u32) {
        let mut at = self.0.len();
        self.0.push((key, node));
        while at > 0 {
            let parent = (at - 1) / 2;
            if self.0[parent].0 <= key {
                break;
            }
            self.0[at] = self.0[parent];
            at = parent;
        }
        self.0[at] = (key, node);
    }

    #[inline]
    pub fn pop(&mut self) -> Option<(f32, u32)> {
        let last = self.0.pop()?;
        if self.0.is_empty() {
            return Some(last);
        }
        let top = std::mem::replace(&mut self.0[0], last);
        self.sink(last);
        Some(top)
    }

    /// Puts one in the place of the top.
    #[inline]
    pub fn replace_top(&mut self, key: f32, node: u32) {
        self.sink((key, node));
    }

    fn sink(&mut self, one: (f32, u32)) {
        let (len, mut at) = (self.0.len(), 0);
        loop {
            let mut child = at * 2 + 1;
            if child >= len {
                break;
            }
            if child + 1 < len && self.0[child + 1].0 < self.0[child].0 {
                child += 1;
            }
            if one.0 <= self.0[child].0 {
                break;
            }
            self.0[at] = self.0[child];
            at = child;
        }
        self.0[at] = one;
    }
}
