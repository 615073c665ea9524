//! Exact numbers for dice text: a third stays a third, so halves and thirds add up again.
//!
//! Never a float (a roll must come out the same everywhere) and never a silent overflow: what does
//! not fit comes back as `None`, and the text is refused.

use core::cmp::Ordering;

/// A fraction in lowest terms. 128 bits on either side: sums of thirds and sevenths that people
/// type fit many times over, and what does not fit is refused instead of rounded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Number {
    numerator: i128,
    /// Always above 0.
    denominator: i128,
}

impl Default for Number {
    fn default() -> Self {
        Self::ZERO
    }
}

impl Number {
    pub(super) const ZERO: Self = Self::int(0);

    pub(super) const fn int(value: i128) -> Self {
        Self { numerator: value, denominator: 1 }
    }

    /// `numerator / denominator`; `None` if the denominator is 0 or the sign does not fit.
    fn ratio(numerator: i128, denominator: i128) -> Option<Self> {
        if denominator == 0 {
            return None;
        }
        let (numerator, denominator) = if denominator < 0 {
            (numerator.checked_neg()?, denominator.checked_neg()?)
        } else {
            (numerator, denominator)
        };
        let divisor = greatest_common_divisor(numerator, denominator)?;
        Some(Self { numerator: numerator / divisor, denominator: denominator / divisor })
    }

    /// A decimal such as `2.50`, given as the digits before and after its point.
    pub(super) fn decimal(whole: &str, fraction: &str) -> Option<Self> {
        let fraction = fraction.trim_end_matches('0');
        let mut digits = String::with_capacity(whole.len() + fraction.len() + 1);
        digits.push('0');
        digits.push_str(whole);
        digits.push_str(fraction);
        let places = u32::try_from(fraction.len()).ok()?;
        Self::ratio(digits.parse().ok()?, 10_i128.checked_pow(places)?)
    }

    pub(super) fn is_zero(self) -> bool {
        self.numerator == 0
    }

    pub(super) fn negated(self) -> Option<Self> {
        Some(Self { numerator: self.numerator.checked_neg()?, ..self })
    }

    pub(super) fn plus(self, other: Self) -> Option<Self> {
        if self.denominator == 1 && other.denominator == 1 {
            return Some(Self::int(self.numerator.checked_add(other.numerator)?));
        }
        let shared = greatest_common_divisor(self.denominator, other.denominator)?;
        let left = self.numerator.checked_mul(other.denominator / shared)?;
        let right = other.numerator.checked_mul(self.denominator / shared)?;
        let numerator = left.checked_add(right)?;
        // Lowest terms before, so only a factor of `shared` can have come in.
        let divisor = greatest_common_divisor(numerator, shared)?;
        let denominator = (self.denominator / shared).checked_mul(other.denominator / divisor)?;
        Some(Self { numerator: numerator / divisor, denominator })
    }

    pub(super) fn minus(self, other: Self) -> Option<Self> {
        self.plus(other.negated()?)
    }

    pub(super) fn times(self, other: Self) -> Option<Self> {
        let left = greatest_common_divisor(self.numerator, other.denominator)?;
        let right = greatest_common_divisor(other.numerator, self.denominator)?;
        Some(Self {
            numerator: (self.numerator / left).checked_mul(other.numerator / right)?,
            denominator: (self.denominator / right).checked_mul(other.denominator / left)?,
        })
    }

    /// `None` also when `other` is 0.
    pub(super) fn divided_by(self, other: Self) -> Option<Self> {
        self.times(Self::ratio(other.denominator, other.numerator)?)
    }

    /// The quotient rounded down. `None` also when `other` is 0.
    pub(super) fn floor_divided_by(self, other: Self) -> Option<Self> {
        let quotient = self.divided_by(other)?;
        Some(Self::int(quotient.numerator.div_euclid(quotient.denominator)))
    }

    /// What is left after [`Self::floor_divided_by`]; it has the divisor's sign.
    pub(super) fn modulo(self, other: Self) -> Option<Self> {
        self.minus(other.times(self.floor_divided_by(other)?)?)
    }

    /// This number, if it is whole.
    pub(super) fn whole(self) -> Option<i128> {
        (self.denominator == 1).then_some(self.numerator)
    }

    /// The whole part, towards zero.
    pub(super) fn truncated(self) -> i128 {
        self.numerator / self.denominator
    }

    /// As a decimal with at least one digit after the point; only for numbers that were written as
    /// decimals, whose denominators divide a power of ten.
    pub(super) fn to_decimal_text(self) -> String {
        let mut text = self.truncated().to_string();
        text.push('.');
        let mut rest = self.numerator.rem_euclid(self.denominator);
        let mut digits = 0_u32;
        while (rest != 0 || digits == 0) && digits < MAX_DECIMAL_DIGITS {
            let Some(shifted) = rest.checked_mul(10) else { break };
            text.push_str(&(shifted / self.denominator).to_string());
            rest = shifted % self.denominator;
            digits += 1;
        }
        text
    }
}

/// 10^38 is the largest power of ten that fits, so no decimal has more places.
const MAX_DECIMAL_DIGITS: u32 = 38;

impl PartialOrd for Number {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Number {
    fn cmp(&self, other: &Self) -> Ordering {
        if self.denominator == other.denominator {
            return self.numerator.cmp(&other.numerator);
        }
        let (mut left, mut right) = (*self, *other);
        // Whole parts first, then the reciprocals of what is left: exact without a product that
        // might not fit. Ends because the denominators shrink as in Euclid's algorithm.
        let mut reversed = false;
        loop {
            let whole = left
                .numerator
                .div_euclid(left.denominator)
                .cmp(&right.numerator.div_euclid(right.denominator));
            let left_rest = left.numerator.rem_euclid(left.denominator);
            let right_rest = right.numerator.rem_euclid(right.denominator);
            let order = whole.then_with(|| match (left_rest, right_rest) {
                (0, 0) => Ordering::Equal,
                (0, _) => Ordering::Less,
                (_, 0) => Ordering::Greater,
                (_, _) => Ordering::Equal,
            });
            if order != Ordering::Equal || left_rest == 0 {
                return if reversed { order.reverse() } else { order };
            }
            left = Self { numerator: left.denominator, denominator: left_rest };
            right = Self { numerator: right.denominator, denominator: right_rest };
            reversed = !reversed;
        }
    }
}

/// Above 0 unless both are 0, when it is 1 so that it can be divided by; `None` for the one value
/// whose magnitude does not fit.
fn greatest_common_divisor(left: i128, right: i128) -> Option<i128> {
    let (mut left, mut right) = (left.unsigned_abs(), right.unsigned_abs());
    while right != 0 {
        (left, right) = (right, left % right);
    }
    i128::try_from(left.max(1)).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn ratio(numerator: i128, denominator: i128) -> Number {
        Number::ratio(numerator, denominator).expect("a fraction")
    }

    #[test]
    fn arithmetic_is_exact() {
        let third = ratio(1, 3);
        assert_eq!(third.plus(third).and_then(|sum| sum.plus(third)), Some(Number::int(1)));
        assert_eq!(Number::decimal("0", "1"), Some(ratio(1, 10)));
        assert_eq!(Number::decimal("", "50"), Some(ratio(1, 2)));
        assert_eq!(Number::decimal("5", ""), Some(Number::int(5)));
        assert_eq!(ratio(-7, 2).truncated(), -3);
        assert_eq!(ratio(-7, 2).floor_divided_by(Number::int(1)), Some(Number::int(-4)));
        assert_eq!(Number::int(-7).modulo(Number::int(3)), Some(Number::int(2)));
        assert_eq!(Number::int(7).modulo(Number::int(-3)), Some(Number::int(-2)));
        assert_eq!(Number::int(7).divided_by(Number::ZERO), None);
        assert_eq!(Number::int(i128::MAX).plus(Number::int(1)), None);
        assert_eq!(Number::int(i128::MIN).negated(), None);
    }

    #[test]
    fn decimals_are_written_as_they_were_meant() {
        for (whole, fraction, text) in
            [("5", "", "5.0"), ("", "5", "0.5"), ("12", "3400", "12.34"), ("0", "0625", "0.0625")]
        {
            let number = Number::decimal(whole, fraction).expect("fits");
            assert_eq!(number.to_decimal_text(), text);
        }
    }

    proptest! {
        #[test]
        fn order_agrees_with_cross_multiplication(
            a in -9_999_i128..9_999, b in 1_i128..9_999, c in -9_999_i128..9_999, d in 1_i128..9_999
        ) {
            prop_assert_eq!(ratio(a, b).cmp(&ratio(c, d)), (a * d).cmp(&(c * b)));
        }

        #[test]
        fn nothing_panics_and_subtracting_undoes_adding(
            a in any::<i128>(), b in any::<i128>(), c in any::<i128>(), d in any::<i128>()
        ) {
            if let (Some(x), Some(y)) = (Number::ratio(a, b), Number::ratio(c, d)) {
                if let Some(back) = x.plus(y).and_then(|sum| sum.minus(y)) {
                    prop_assert_eq!(back, x);
                }
                let _ = (x.times(y), x.divided_by(y), x.modulo(y), x.cmp(&y));
            }
        }

        #[test]
        fn modulo_completes_floor_division(a in -999_i128..999, b in -99_i128..99) {
            prop_assume!(b != 0);
            let (x, y) = (Number::int(a), Number::int(b));
            let quotient = x.floor_divided_by(y).expect("fits");
            let rest = x.modulo(y).expect("fits");
            prop_assert_eq!(quotient.times(y).and_then(|p| p.plus(rest)), Some(x));
            prop_assert!(rest.is_zero() || (rest < Number::ZERO) == (b < 0));
        }
    }
}
