//! The exact odds of a duel, computed without the engine: from the bonus to hit, the Armor Class, the
//! dice, the hit points and the initiative alone (SRD 5.2.1, Playing the Game > Making an Attack,
//! Critical Hits, Initiative).

use skirmish::rules::event::RollMode;

/// One line of damage as it arrives at the other: dice, bonus, and what is made of the sum.
#[derive(Debug, Clone, Copy)]
pub(super) struct Line {
    pub(super) count: usize,
    pub(super) sides: u32,
    pub(super) bonus: i64,
    pub(super) felt: Felt,
}

#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Felt {
    Whole,
    Half,
    Double,
    Nothing,
}

#[derive(Debug, Clone)]
pub(super) struct Duelist {
    pub(super) armor_class: i64,
    pub(super) hit_points: usize,
    pub(super) initiative: i64,
    pub(super) to_hit: i64,
    pub(super) times: usize,
    pub(super) mode: RollMode,
    pub(super) damage: Vec<Line>,
}

/// Chances by total.
type Spread = Vec<f64>;

fn convolve(one: &Spread, other: &Spread) -> Spread {
    let mut sum = vec![0.0; one.len() + other.len() - 1];
    for (a, p) in one.iter().enumerate() {
        for (b, q) in other.iter().enumerate() {
            sum[a + b] += p * q;
        }
    }
    sum
}

/// What one line deals, its dice rolled `times` times as often.
fn line(line: Line, times: usize) -> Spread {
    let mut dice: Spread = vec![1.0];
    let sides = usize::try_from(line.sides).unwrap();
    let mut die = vec![1.0 / f64::from(line.sides); sides + 1];
    die[0] = 0.0;
    for _ in 0..line.count * times {
        dice = convolve(&dice, &die);
    }
    let mut felt: Spread = vec![0.0; 2 * (dice.len() + 40)];
    for (sum, p) in dice.iter().enumerate() {
        let rolled = i64::try_from(sum).unwrap() + line.bonus;
        let rolled = usize::try_from(rolled.max(0)).unwrap();
        let arrives = match line.felt {
            Felt::Whole => rolled,
            Felt::Half => rolled / 2,
            Felt::Double => rolled * 2,
            Felt::Nothing => 0,
        };
        felt[arrives] += p;
    }
    felt
}

/// The chances of a miss, a hit and a critical hit.
fn chances(me: &Duelist, other: &Duelist) -> [f64; 3] {
    let mut chances = [0.0; 3];
    let mut add = |natural: i64, p: f64| {
        let place = match natural {
            1 => 0,
            20 => 2,
            _ if natural + me.to_hit >= other.armor_class => 1,
            _ => 0,
        };
        chances[place] += p;
    };
    for first in 1..=20 {
        match me.mode {
            RollMode::Normal => add(first, 1.0 / 20.0),
            RollMode::Advantage => (1..=20).for_each(|second| add(first.max(second), 1.0 / 400.0)),
            RollMode::Disadvantage => {
                (1..=20).for_each(|second| add(first.min(second), 1.0 / 400.0));
            }
        }
    }
    chances
}

/// What one turn takes off the other, everything beyond its hit points counted as them.
fn turn(me: &Duelist, other: &Duelist) -> Spread {
    let [miss, hit, critical] = chances(me, other);
    let blow = |times: usize| {
        me.damage.iter().fold(vec![1.0], |sum, part| convolve(&sum, &line(*part, times)))
    };
    let mut one: Spread = vec![0.0; 1];
    one[0] = miss;
    for (p, spread) in [(hit, blow(1)), (critical, blow(2))] {
        if one.len() < spread.len() {
            one.resize(spread.len(), 0.0);
        }
        for (sum, chance) in one.iter_mut().zip(&spread) {
            *sum += p * chance;
        }
    }
    let cut = |spread: Spread| {
        let mut cut = vec![0.0; other.hit_points + 1];
        for (sum, p) in spread.into_iter().enumerate() {
            cut[sum.min(other.hit_points)] += p;
        }
        cut
    };
    let one = cut(one);
    (1..me.times).fold(one.clone(), |sum, _| cut(convolve(&sum, &one)))
}

/// The chance that the first wins, by who begins: the first, the second.
fn by_beginner(one: &Duelist, other: &Duelist) -> (f64, f64) {
    let (ours, theirs) = (turn(one, other), turn(other, one));
    let (mine, yours) = (one.hit_points, other.hit_points);
    // The chance that the first wins with so many hit points on either side, if the first (or the
    // second) is to act.
    let mut first = vec![vec![0.0; yours + 1]; mine + 1];
    let mut second = vec![vec![0.0; yours + 1]; mine + 1];
    for a in 1..=mine {
        for b in 1..=yours {
            // What is known already: turns that take something off.
            let ours_known: f64 = (1..ours.len())
                .map(|off| ours[off] * if off >= b { 1.0 } else { second[a][b - off] })
                .sum();
            let theirs_known: f64 = (1..theirs.len())
                .map(|off| theirs[off] * if off >= a { 0.0 } else { first[a - off][b] })
                .sum();
            // first = ours_known + ours[0] * second; second = theirs_known + theirs[0] * first
            let begun = (ours_known + ours[0] * theirs_known) / (1.0 - ours[0] * theirs[0]);
            first[a][b] = begun;
            second[a][b] = theirs_known + theirs[0] * begun;
        }
    }
    (first[mine][yours], second[mine][yours])
}

/// The chance that the first wins the duel: a d20 each for initiative, and whoever ties rolls again
/// until nobody does, which is even.
pub(super) fn win_chance(one: &Duelist, other: &Duelist) -> f64 {
    let mut begins = 0.0;
    for mine in 1..=20 {
        for theirs in 1..=20 {
            let ours = mine + one.initiative;
            let theirs = theirs + other.initiative;
            begins += match ours.cmp(&theirs) {
                std::cmp::Ordering::Greater => 1.0 / 400.0,
                std::cmp::Ordering::Equal => 0.5 / 400.0,
                std::cmp::Ordering::Less => 0.0,
            };
        }
    }
    let (first, second) = by_beginner(one, other);
    begins * first + (1.0 - begins) * second
}

/// Coins that can be counted by hand: whoever begins kills at the first hit.
#[test]
fn odds_that_can_be_computed_by_hand_are_so() {
    let one = Duelist {
        armor_class: 11,
        hit_points: 1,
        initiative: 0,
        to_hit: 0,
        times: 1,
        mode: RollMode::Normal,
        damage: vec![Line { count: 1, sides: 1, bonus: 0, felt: Felt::Whole }],
    };
    // Each hits with 1/2: whoever begins wins 2 of 3.
    let (first, second) = by_beginner(&one, &one);
    assert!((first - 2.0 / 3.0).abs() < 1e-12 && (second - 1.0 / 3.0).abs() < 1e-12);
    assert!((win_chance(&one, &one) - 0.5).abs() < 1e-12);
    // With advantage 3/4, two rolls a turn 15/16: p / (1 - (1-p)/2) of those that begin.
    let two = Duelist { mode: RollMode::Advantage, times: 2, ..one.clone() };
    let (first, _) = by_beginner(&two, &one);
    assert!((first - (15.0 / 16.0) / (1.0 - 1.0 / 32.0)).abs() < 1e-12);
    // 1d6+1 against 7 hit points: the first hit kills on a 6, and a critical one on 36 - 10 of 36.
    let line = Line { count: 1, sides: 6, bonus: 1, felt: Felt::Whole };
    let six = Duelist { damage: vec![line], ..one.clone() };
    let seven = Duelist { hit_points: 7, ..one };
    let killed = turn(&six, &seven)[7];
    let by_hand = 9.0 / 20.0 * (1.0 / 6.0) + 1.0 / 20.0 * (26.0 / 36.0);
    assert!((killed - by_hand).abs() < 1e-12, "{killed} {by_hand}");
}
