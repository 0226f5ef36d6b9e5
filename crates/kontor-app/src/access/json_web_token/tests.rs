use super::*;

const KEY: &str = "kontor-demo-secret-not-for-production";
const NOW: &str = "2016-01-28T11:24:28.874Z";
/// The token whose header and claims equal the documented one.
const DOCUMENTED: &str = "eyJ0eXAiOiJKV1QiLCJhbGciOiJIUzI1NiJ9.eyJzdWIiOjIyLCJleHAiOjI1MjQ2MDgwMDAsImlzcyI6IklqSXlYMHhRTnpWZk1Ua2kifQ.hk9lFb6q6q9F9BB4QjHDGidp-9LTuUbFPCROupSo3Lk";

fn signed(header: &str, claims: &str, key: &str) -> String {
    let signed = format!("{}.{}", URL_SAFE_NO_PAD.encode(header), URL_SAFE_NO_PAD.encode(claims));
    let mut mac = mac(key).expect("a key");
    mac.update(signed.as_bytes());
    format!("{signed}.{}", URL_SAFE_NO_PAD.encode(mac.finalize().into_bytes()))
}

/// The subject, when the token is good in every way.
fn accepted(token: &str) -> Option<String> {
    let now = NOW.parse().expect("an instant");
    let token = Unverified::read(token)?;
    let subject = token.subject()?;
    (token.is_signed_with(KEY) && token.counts_at(now)).then(|| subject.to_owned())
}

fn claims(claims: &str) -> Option<String> {
    accepted(&signed(HEADER, claims, KEY))
}

fn header(header: &str) -> Option<String> {
    accepted(&signed(header, r#"{"sub":22,"exp":2524608000}"#, KEY))
}

#[test]
fn the_documented_token_is_read_and_issued() {
    assert_eq!(accepted(DOCUMENTED).as_deref(), Some("22"));
    let token = Unverified::read(DOCUMENTED).expect("a token");
    assert_eq!(token.issuer(), Some("IjIyX0xQNzVfMTki"));
    let issued = issue(KEY, "22", 2_524_608_000, Some("IjIyX0xQNzVfMTki"));
    assert_eq!(issued.as_deref(), Some(DOCUMENTED));
    let without_issuer = issue(KEY, "7", 2_524_608_000, None).expect("a token");
    assert_eq!(accepted(&without_issuer).as_deref(), Some("7"));
}

#[test]
fn claims_that_count() {
    for (text, subject) in [
        (r#"{"sub":22,"exp":2524608000}"#, "22"),
        (r#"{"sub":"22","exp":2524608000}"#, "22"),
        (r#"{"sub":"022","exp":2524608000}"#, "022"),
        (r#"{"sub":0,"exp":2524608000}"#, "0"),
        (
            r#"{"sub":123456789012345678901234567890,"exp":2524608000}"#,
            "123456789012345678901234567890",
        ),
        (r#"{"sub":22,"exp":1453980269}"#, "22"),
        (r#"{"sub":22,"exp":1453980268.875}"#, "22"),
        (r#"{"sub":22,"exp":1453980268.8740000001}"#, "22"),
        (r#"{"sub":22,"exp":2.524608e9}"#, "22"),
        (r#"{"sub":22,"exp":1e30}"#, "22"),
        (r#"{"sub":22,"exp":1e999999999999}"#, "22"),
        (r#"{"sub":22,"exp":2524608000,"nbf":1453980268}"#, "22"),
        (r#"{"sub":22,"exp":2524608000,"nbf":1453980268.874}"#, "22"),
        (r#"{"sub":22,"exp":2524608000,"nbf":-5}"#, "22"),
        (r#"{"sub":22,"exp":2524608000,"nbf":null}"#, "22"),
        (r#"{"sub":22,"exp":2524608000,"iat":"soon","aud":[1],"jti":null}"#, "22"),
        (r#"{"sub":23,"sub":22,"exp":2524608000}"#, "22"),
    ] {
        assert_eq!(claims(text).as_deref(), Some(subject), "{text}");
    }
}

#[test]
fn claims_that_do_not_count() {
    for text in [
        "{}",
        "[]",
        "22",
        "",
        r#"{"sub":22,"exp":2524608000"#,
        r#"{"exp":2524608000}"#,
        r#"{"sub":null,"exp":2524608000}"#,
        r#"{"sub":"","exp":2524608000}"#,
        r#"{"sub":"abc","exp":2524608000}"#,
        r#"{"sub":" 22","exp":2524608000}"#,
        r#"{"sub":"٢٢","exp":2524608000}"#,
        r#"{"sub":-22,"exp":2524608000}"#,
        r#"{"sub":22.0,"exp":2524608000}"#,
        r#"{"sub":22e0,"exp":2524608000}"#,
        r#"{"sub":true,"exp":2524608000}"#,
        r#"{"sub":[22],"exp":2524608000}"#,
        r#"{"sub":{"id":22},"exp":2524608000}"#,
        r#"{"sub":{"$serde_json::private::Number":"22"},"exp":2524608000}"#,
        r#"{"sub":22,"exp":{"$serde_json::private::Number":"2524608000"}}"#,
        r#"{"sub":{"$serde_json::private::RawValue":"22"},"exp":2524608000}"#,
        r#"{"sub":22}"#,
        r#"{"sub":22,"exp":null}"#,
        r#"{"sub":22,"exp":"2524608000"}"#,
        r#"{"sub":22,"exp":true}"#,
        r#"{"sub":22,"exp":[2524608000]}"#,
        r#"{"sub":22,"exp":1453980268}"#,
        r#"{"sub":22,"exp":1453980268.874}"#,
        r#"{"sub":22,"exp":1453980268.8739999999}"#,
        r#"{"sub":22,"exp":1453000000}"#,
        r#"{"sub":22,"exp":0}"#,
        r#"{"sub":22,"exp":-2524608000}"#,
        r#"{"sub":22,"exp":-1e30}"#,
        r#"{"sub":22,"exp":2524608000e-9}"#,
        r#"{"sub":22,"exp":1e-999999999999}"#,
        r#"{"sub":22,"exp":2524608000,"nbf":1453980269}"#,
        r#"{"sub":22,"exp":2524608000,"nbf":1453980268.8740000001}"#,
        r#"{"sub":22,"exp":2524608000,"nbf":"0"}"#,
        r#"{"sub":22,"exp":2524608000,"nbf":1e30}"#,
    ] {
        assert_eq!(claims(text), None, "{text}");
    }
}

#[test]
fn headers() {
    for text in [
        HEADER,
        r#"{"alg":"HS256"}"#,
        r#"{"alg":"HS256","typ":"at+jwt","kid":"7"}"#,
        r#"{"alg":"none","alg":"HS256"}"#,
    ] {
        assert_eq!(header(text).as_deref(), Some("22"), "{text}");
    }
    for text in [
        "{}",
        "[]",
        r#""HS256""#,
        r#"{"alg":"none"}"#,
        r#"{"alg":"None"}"#,
        r#"{"alg":"hs256"}"#,
        r#"{"alg":"HS256 "}"#,
        r#"{"alg":"HS384"}"#,
        r#"{"alg":"HS512"}"#,
        r#"{"alg":"RS256"}"#,
        r#"{"alg":"ES256"}"#,
        r#"{"alg":["HS256"]}"#,
        r#"{"alg":null}"#,
        r#"{"typ":"JWT"}"#,
        r#"{"alg":"HS256","crit":["exp"]}"#,
        r#"{"alg":"HS256","crit":[]}"#,
        r#"{"alg":"HS256","crit":null}"#,
    ] {
        assert_eq!(header(text), None, "{text}");
    }
}

#[test]
fn forms() {
    let (signed_part, signature) = DOCUMENTED.rsplit_once('.').expect("three parts");
    // The last character carries two bits that stand for nothing: another one is another text.
    let same_bytes = format!("{signed_part}.{}l", &signature[..signature.len() - 1]);
    for token in [
        String::new(),
        ".".to_owned(),
        "..".to_owned(),
        signed_part.to_owned(),
        format!("{signed_part}."),
        format!("{DOCUMENTED}."),
        format!("{DOCUMENTED}.x"),
        format!("{DOCUMENTED}="),
        format!(" {DOCUMENTED}"),
        format!("{DOCUMENTED} "),
        DOCUMENTED.replace('-', "+"),
        same_bytes,
        format!("{signed_part}.{}", &signature[..20]),
        format!("{signed_part}.{signature}AAAA"),
        signed(HEADER, r#"{"sub":22,"exp":2524608000}"#, "other"),
        signed(HEADER, r#"{"sub":22,"exp":2524608000}"#, ""),
        signed(r#"{"alg":"none"}"#, r#"{"sub":22,"exp":2524608000}"#, KEY),
    ] {
        assert_eq!(accepted(&token), None, "{token}");
    }
}

#[test]
fn length_is_limited() {
    let token = |fill: usize| {
        let filler = "x".repeat(fill);
        signed(HEADER, &format!(r#"{{"sub":22,"exp":2524608000,"x":"{filler}"}}"#), KEY)
    };
    let overhead = token(0).len();
    let mut fill = (MAX_TOKEN_BYTES - overhead) * 3 / 4;
    while token(fill + 1).len() <= MAX_TOKEN_BYTES {
        fill += 1;
    }
    assert!(accepted(&token(fill)).is_some(), "{}", token(fill).len());
    assert!(accepted(&token(fill + 1)).is_none());
    assert!(accepted(&token(64 * 1024)).is_none());
}

mod properties {
    use proptest::prelude::*;
    use proptest::test_runner::{Config, RngSeed};

    use super::*;

    proptest! {
        #![proptest_config(Config {
            rng_seed: RngSeed::Fixed(0x6b6f_6e74_6f72),
            failure_persistence: None,
            ..Config::default()
        })]

        #[test]
        fn a_changed_token_is_no_token(place in 0..DOCUMENTED.len(), other in "[A-Za-z0-9_.-]") {
            let mut token = DOCUMENTED.to_owned();
            token.replace_range(place..=place, &other);
            prop_assert_eq!(accepted(&token).is_some(), token == DOCUMENTED);
        }

        #[test]
        fn whatever_is_sent_nothing_breaks(token in "[A-Za-z0-9_.-]{0,80}", any in ".{0,80}") {
            prop_assert_eq!(accepted(&token), None);
            prop_assert_eq!(accepted(&any), None);
        }

        #[test]
        fn tokens_count_until_they_expire(seconds in 0_i64..4_000_000_000, sub in 0_u64..u64::MAX) {
            let token = issue(KEY, &sub.to_string(), seconds, None).expect("a token");
            let expected = (seconds > 1_453_980_268).then(|| sub.to_string());
            prop_assert_eq!(accepted(&token), expected);
        }

        #[test]
        fn dates_are_exact(micros in 0_i64..4_000_000_000_000_000, now in 0_i64..4_000_000_000_000_000) {
            let (whole, rest) = (micros / 1_000_000, micros % 1_000_000);
            let now = Instant::from_micros(now);
            for literal in [format!("{whole}.{rest:06}"), format!("{micros}e-6"), format!("0.{micros:016}e10")] {
                prop_assert_eq!(order(&literal, now), Some(micros.cmp(&now.micros())), "{}", literal);
            }
        }
    }
}
