use std::cell::Cell;

/// What a source may cost. Exceeding one is a diagnostic, never a hang or a crash.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of all texts together.
    pub bytes: usize,
    /// Nesting of maps, containers, imports.
    pub depth: usize,
    /// Objects and edges of a compiled board; all boards together hold four times as many, attributes included.
    pub objects: usize,
    /// Units of work of compiling, each some fifty nanoseconds (a glob tried on an object is several, a copied field
    /// too): what ends globs, variables and boards that multiply.
    pub work: u64,
    /// Elementary steps of a layout (a sweep over an edge).
    pub steps: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self { bytes: 512 << 10, depth: 256, objects: 20_000, work: 6_000_000, steps: 200_000_000 }
    }
}

/// The limits of one call with what is left of them, and a way to stop it from outside.
///
/// The engine has no clock. Whoever has one hands in `interrupted`, which is asked now and then.
pub struct Budget<'a> {
    /// The limits themselves.
    pub limits: Limits,
    steps_left: Cell<u64>,
    interrupted: Option<&'a dyn Fn() -> bool>,
    stopped: Cell<bool>,
}

/// A budget ran out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exhausted {
    /// More steps than [`Limits::steps`].
    Steps,
    /// Stopped from outside.
    Interrupted,
}

/// How many steps pass between two questions to the outside.
const ASK_EVERY: u64 = 4096;

impl<'a> Budget<'a> {
    /// A budget of `limits` that nobody interrupts.
    pub fn new(limits: Limits) -> Self {
        Self { limits, steps_left: Cell::new(limits.steps), interrupted: None, stopped: Cell::new(false) }
    }

    /// A budget that ends as soon as `interrupted` says so.
    pub fn interruptible(limits: Limits, interrupted: &'a dyn Fn() -> bool) -> Self {
        Self { interrupted: Some(interrupted), ..Self::new(limits) }
    }

    /// Pays for `steps`. Whoever was stopped once stays stopped.
    pub fn spend(&self, steps: u64) -> Result<(), Exhausted> {
        if self.stopped.get() {
            return Err(Exhausted::Interrupted);
        }
        let before = self.steps_left.get();
        let Some(left) = before.checked_sub(steps) else {
            self.steps_left.set(0);
            return Err(Exhausted::Steps);
        };
        self.steps_left.set(left);
        let asks = before / ASK_EVERY != left / ASK_EVERY;
        if asks && self.interrupted.is_some_and(|interrupted| interrupted()) {
            self.stopped.set(true);
            return Err(Exhausted::Interrupted);
        }
        Ok(())
    }

    /// Whether nothing more should be begun: no steps are left, or the outside, asked now, says stop.
    pub fn is_over(&self) -> bool {
        if !self.stopped.get() && self.interrupted.is_some_and(|interrupted| interrupted()) {
            self.stopped.set(true);
        }
        self.stopped.get() || self.steps_left.get() == 0
    }
}

impl Default for Budget<'_> {
    fn default() -> Self {
        Self::new(Limits::default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_budget_runs_out_and_stays_out() {
        let budget = Budget::new(Limits { steps: 10, ..Limits::default() });
        assert_eq!(budget.spend(10), Ok(()));
        assert_eq!(budget.spend(1), Err(Exhausted::Steps));
        assert_eq!(budget.spend(0), Ok(()));
    }

    #[test]
    fn an_interrupt_is_noticed() {
        let stop = || true;
        let budget = Budget::interruptible(Limits::default(), &stop);
        assert_eq!(budget.spend(ASK_EVERY + 1), Err(Exhausted::Interrupted));
        assert_eq!(budget.spend(1), Err(Exhausted::Interrupted));
        assert!(budget.is_over());
    }
}
