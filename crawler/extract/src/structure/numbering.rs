//! Whether a number belongs to a box or to the chapter around it.

use super::{
    line::{Line, Role},
    mark::{Mark, Style},
};

/// What a numbered paragraph is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Place {
    /// A chapter or group of tasks.
    Heading,
    /// A task.
    Task,
    /// An item of the open box.
    Item,
}

/// The numbers met so far. The items of a box start at 1; the tasks around it go on behind it where they stopped, and
/// nothing marks the end of the box.
#[derive(Debug, Default)]
pub(super) struct Numbering {
    /// The open box's last item.
    open_box: Option<Option<Mark>>,
    /// The last task outside boxes since the last heading, of the highest rank met there.
    task: Option<Mark>,
}

impl Numbering {
    /// A box starts.
    pub(super) fn open_box(&mut self) {
        self.open_box = Some(None);
    }

    /// Whatever box is open ends.
    pub(super) fn close_box(&mut self) {
        self.open_box = None;
    }

    pub(super) const fn is_box_open(&self) -> bool {
        self.open_box.is_some()
    }

    /// Takes the next number; `after` are the lines behind it.
    pub(super) fn take(&mut self, mark: &Mark, after: &[Line]) -> Place {
        if mark.style < Style::Arabic {
            *self = Self::default();
            return Place::Heading;
        }
        if self.is_item(mark, after) {
            if let Some(item) = self.open_box.as_mut().filter(|item| is_upper(mark, item.as_ref())) {
                *item = Some(mark.clone());
            }
            return Place::Item;
        }
        self.open_box = None;
        if is_upper(mark, self.task.as_ref()) {
            self.task = Some(mark.clone());
        }
        Place::Task
    }

    fn is_item(&self, mark: &Mark, after: &[Line]) -> bool {
        let Some(item) = &self.open_box else { return false };
        let (item, task) = (item.as_ref(), self.task.as_ref());
        let below = |last: &Mark| mark.style > last.style;
        if item.is_some_and(below) || item.is_none() && task.is_some_and(below) {
            return true;
        }
        let same = |last: &&Mark| last.style == mark.style;
        let goes_on = |last: Option<&Mark>| last.filter(same).is_some_and(|last| last.value + 1 == mark.value);
        let fits_box = goes_on(item) || item.is_none() && mark.value == 1;
        match (fits_box, goes_on(task)) {
            (true, false) => true,
            (false, true) => false,
            (false, false) => item.filter(same).is_some_and(|item| mark.value > item.value),
            (true, true) => match (item, task) {
                // Both could go on with this number: whoever writes it this way has it.
                (Some(item), Some(task)) if item.spaced() != task.spaced() => mark.spaced() == item.spaced(),
                _ => comes_again(mark, after),
            },
        }
    }
}

/// Whether a number stands no lower than the last one.
fn is_upper(mark: &Mark, last: Option<&Mark>) -> bool {
    last.is_none_or(|last| mark.style <= last.style)
}

/// Whether a number comes again before the next heading or box: then the first one was the box's.
fn comes_again(mark: &Mark, after: &[Line]) -> bool {
    after
        .iter()
        .map_while(|line| match &line.role {
            Role::Numbered(next) if next.style >= Style::Arabic => Some(Some(next)),
            Role::Text => Some(None),
            _ => None,
        })
        .flatten()
        .any(|next| next.style == mark.style && next.value == mark.value)
}
