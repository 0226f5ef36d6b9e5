//! The one rounding function, and the unit conversion that needs it.

use crate::decimal::{MAX_DECIMALS, ONE};
use crate::money::Money;
use crate::quantity::Quantity;

/// Rounds an amount of 1e-12 half up (away from zero) to `scale` decimals, 0 to 6. Returns `None`
/// when the result does not fit.
pub fn round_half_up(picos: i128, scale: u8) -> Option<Money> {
    let scale = scale.min(MAX_DECIMALS);
    let unit = 10_i128.pow(u32::from(12 - scale));
    let half = if picos < 0 { -unit / 2 } else { unit / 2 };
    let rounded = (picos + half) / unit * (unit / i128::from(ONE));
    i64::try_from(rounded).ok().map(Money::from_micros)
}

/// Decimals a price is shown with: those of the currency or of its row, whichever is more.
pub fn price_scale(currency_decimals: u8, row_decimals: u8) -> u8 {
    currency_decimals.max(row_decimals).min(MAX_DECIMALS)
}

/// Price of one unit that is `factor` base units, and the decimals it is shown with. A unit
/// smaller than the base unit gets extra decimals so that its price does not vanish: the fewest
/// `n` with `factor` × 10^n ≥ 1, at most six decimals in all.
pub fn convert(base_price: Money, factor: Quantity, scale: u8) -> Option<(Money, u8)> {
    let scale = scale_of(factor, scale);
    let picos = i128::from(base_price.micros()) * i128::from(factor.micros());
    Some((round_half_up(picos, scale)?, scale))
}

fn scale_of(factor: Quantity, scale: u8) -> u8 {
    let mut extra: u8 = 0;
    let mut grown = i128::from(factor.micros());
    while grown < i128::from(ONE) && extra < MAX_DECIMALS {
        grown *= 10;
        extra += 1;
    }
    scale.saturating_add(extra).min(MAX_DECIMALS)
}

/// Price of one unit that is `factor` base units, out of the price of `per` base units: exact, rounded
/// once. It has the decimals of [`convert`].
pub fn convert_from(
    price: Money,
    per: Quantity,
    factor: Quantity,
    scale: u8,
) -> Option<(Money, u8)> {
    let scale = scale_of(factor, scale);
    let unit = 10_i128.pow(u32::from(MAX_DECIMALS - scale));
    let amount = i128::from(price.micros()).checked_mul(i128::from(factor.micros()))?;
    let step = i128::from(per.micros()).checked_mul(unit)?.checked_mul(2)?;
    // Half of the step that is rounded to is added, and what is below a step cut off.
    let doubled = amount.checked_mul(2)?.checked_add(step / 2)?;
    let rounded = doubled.checked_div(step)?.checked_mul(unit)?;
    i64::try_from(rounded).ok().map(|micros| (Money::from_micros(micros), scale))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_small_unit_keeps_its_price() {
        let price = "2.35".parse().unwrap();
        let (gram, scale) = convert(price, "0.001".parse().unwrap(), 2).unwrap();
        assert_eq!((gram.to_string().as_str(), scale), ("0.00235", 5));
        let (carton, scale) = convert(price, "12".parse().unwrap(), 2).unwrap();
        assert_eq!((carton.to_string().as_str(), scale), ("28.2", 2));
    }

    #[test]
    fn a_price_of_many_is_divided_exactly_and_rounded_once() {
        for (price, per, factor, scale, expected) in [
            ("2.00", "100", "1", 2, "0.02"),
            ("2.00", "100", "12", 2, "0.24"),
            ("13.99", "12", "1", 2, "1.17"),
            ("13.99", "12", "1", 4, "1.1658"),
            ("13.99", "12", "12", 2, "13.99"),
            ("13.99", "12", "36", 2, "41.97"),
            ("10", "3", "1", 2, "3.33"),
            ("0.05", "10", "1", 2, "0.01"),
            ("0.0499", "10", "1", 2, "0"),
            ("1", "12", "0.001", 2, "0.00008"),
        ] {
            let [price, per, factor] = [price, per, factor].map(|text| text.parse().unwrap());
            let per = Quantity::from_micros(Money::micros(per));
            let factor = Quantity::from_micros(Money::micros(factor));
            let (converted, _) = convert_from(price, per, factor, scale).unwrap();
            assert_eq!(converted.to_string(), expected, "{price} per {per}, {factor}");
        }
        let (most, one) = (Money::from_micros(i64::MAX), Quantity::ONE);
        assert_eq!(convert_from(most, one, Quantity::from_micros(2_000_000), 2), None);
    }

    #[test]
    fn halves_go_up() {
        for (picos, scale, expected) in [
            (5_000_000_000, 2, "0.01"),
            (4_999_999_999, 2, "0"),
            (-5_000_000_000, 2, "-0.01"),
            (1_234_565_000_000, 5, "1.23457"),
            (1_500_000_000_000, 0, "2"),
        ] {
            assert_eq!(
                round_half_up(picos, scale).unwrap().to_string(),
                expected,
                "{picos} {scale}"
            );
        }
        assert_eq!(round_half_up(i128::MAX / 2, 2), None);
    }
}
