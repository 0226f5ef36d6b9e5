//! The paths of the protocol (`websphere.md` 1), compared exactly.

use http::Method;

/// Where a path leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Route<'p> {
    pub(crate) resource: Resource,
    /// Id of the store, which may be unknown.
    pub(crate) store: &'p str,
}

/// What a store offers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Resource {
    Price,
    LoginIdentity,
    GuestIdentity,
    /// The session of whoever asks.
    OwnSession,
}

impl<'p> Route<'p> {
    /// The route of a decoded path without its trailing slash.
    pub(crate) fn find(base: &str, path: &'p str) -> Option<Self> {
        let path = path.strip_prefix(base)?.strip_prefix("/store/")?;
        let (store, resource) = path.split_once('/')?;
        let resource = match resource {
            "price" => Resource::Price,
            "loginidentity" => Resource::LoginIdentity,
            "guestidentity" => Resource::GuestIdentity,
            "loginidentity/@self" => Resource::OwnSession,
            _ => return None,
        };
        (!store.is_empty()).then_some(Self { resource, store })
    }
}

impl Resource {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Price => "price",
            Self::LoginIdentity | Self::OwnSession => "loginidentity",
            Self::GuestIdentity => "guestidentity",
        }
    }

    pub(crate) fn offers(self, method: &Method) -> bool {
        match self {
            Self::Price => [Method::GET, Method::HEAD, Method::POST].contains(method),
            Self::LoginIdentity | Self::GuestIdentity => *method == Method::POST,
            Self::OwnSession => *method == Method::DELETE,
        }
    }

    pub(crate) fn allow(self) -> &'static str {
        match self {
            Self::Price => "GET, HEAD, POST",
            Self::LoginIdentity | Self::GuestIdentity => "POST",
            Self::OwnSession => "DELETE",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(base: &str, path: &str, expected: Option<(Resource, &str)>) {
        let expected = expected.map(|(resource, store)| Route { resource, store });
        assert_eq!(Route::find(base, path), expected, "{base} {path}");
    }

    #[test]
    fn finds_the_resources_of_a_store() {
        let base = "/wcs/resources";
        let price = |store| Some((Resource::Price, store));
        check(base, "/wcs/resources/store/10101/price", price("10101"));
        check(base, "/wcs/resources/store/a%2Fb/price", price("a%2Fb"));
        let login = "/wcs/resources/store/1/loginidentity";
        check(base, login, Some((Resource::LoginIdentity, "1")));
        let guest = "/wcs/resources/store/1/guestidentity";
        check(base, guest, Some((Resource::GuestIdentity, "1")));
        let own = "/wcs/resources/store/1/loginidentity/@self";
        check(base, own, Some((Resource::OwnSession, "1")));
        check("", "/store/1/price", price("1"));
        check("/a/b", "/a/b/store/1/price", price("1"));
    }

    #[test]
    fn nothing_else_is_a_path_of_the_protocol() {
        for path in [
            "/wcs/resources",
            "/wcs/resources/store/10101",
            "/wcs/resources/store//price",
            "/wcs/resources/store/10101/Price",
            "/wcs/resources/store/10101/price/x",
            "/wcs/resources/store/10101/guestidentity/@self",
            "/wcs/resources/store/10101/loginidentity/7001",
            "/wcs/resources/store/10101//price",
            "/wcs/resources/stores/10101/price",
            "/WCS/resources/store/10101/price",
            "/store/10101/price",
            "/x/wcs/resources/store/10101/price",
        ] {
            check("/wcs/resources", path, None);
        }
    }
}
