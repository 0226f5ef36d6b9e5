//! The paths and what they offer (`restigo.md` 1 and 4).

use http::Method;

use crate::wire::BASE;

/// A path of the protocol.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Route {
    Pricings,
    PricingItems,
    RemoveClient,
    Clients,
    Items,
    Documents,
}

/// What a request asks to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Action {
    CreatePricing,
    ListPricings,
    SetItems,
    DeleteItems,
    RemoveClient,
    ShowClient,
    ListItems,
    Documents,
}

/// Whether a percent-decoded path is this protocol's, known or not.
pub(crate) fn owns(path: &str) -> bool {
    path.strip_prefix(BASE).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

impl Route {
    pub(crate) fn at(path: &str) -> Option<Self> {
        match path.strip_prefix(BASE)? {
            "/pricings" => Some(Self::Pricings),
            "/pricings/items" => Some(Self::PricingItems),
            "/pricings/removeClient" => Some(Self::RemoveClient),
            "/clients" => Some(Self::Clients),
            "/items" => Some(Self::Items),
            "/documents" => Some(Self::Documents),
            _ => None,
        }
    }

    /// The methods of the path, as the header `Allow` lists them.
    pub(crate) fn allow(self) -> &'static str {
        match self {
            Self::Pricings => "GET, HEAD, POST",
            Self::PricingItems => "DELETE, POST",
            Self::RemoveClient => "DELETE",
            Self::Clients | Self::Items | Self::Documents => "GET, HEAD",
        }
    }

    /// What a method does here. `HEAD` is answered like `GET`.
    pub(crate) fn action(self, method: &Method) -> Option<Action> {
        let get = method == Method::GET || method == Method::HEAD;
        let post = method == Method::POST;
        let delete = method == Method::DELETE;
        let actions: &[(bool, Action)] = match self {
            Self::Pricings => &[(post, Action::CreatePricing), (get, Action::ListPricings)],
            Self::PricingItems => &[(post, Action::SetItems), (delete, Action::DeleteItems)],
            Self::RemoveClient => &[(delete, Action::RemoveClient)],
            Self::Clients => &[(get, Action::ShowClient)],
            Self::Items => &[(get, Action::ListItems)],
            Self::Documents => &[(get, Action::Documents)],
        };
        let asked = actions.iter().find(|(is_asked, _)| *is_asked);
        asked.map(|(_, action)| *action)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn owns_the_base_and_what_is_below_it() {
        for (path, expected) in [
            ("/api/departments/thirdParty", true),
            ("/api/departments/thirdParty/", true),
            ("/api/departments/thirdParty/pricings", true),
            ("/api/departments/thirdParty/nothing/here", true),
            ("/api/departments/thirdParties", false),
            ("/api/departments/thirdparty/items", false),
            ("/api/departments", false),
            ("/", false),
        ] {
            assert_eq!(owns(path), expected, "{path}");
        }
    }

    #[test]
    fn paths_are_compared_exactly() {
        for path in [
            "",
            "/",
            "/Pricings",
            "/pricings/",
            "/pricings/addClient",
            "/pricings/removeclient",
            "/pricings/items/0101",
            "/pricings%2Fitems",
        ] {
            assert_eq!(Route::at(&format!("{BASE}{path}")), None, "{path}");
        }
    }

    #[test]
    fn allow_lists_exactly_the_methods_that_do_something() {
        let routes = [
            Route::Pricings,
            Route::PricingItems,
            Route::RemoveClient,
            Route::Clients,
            Route::Items,
            Route::Documents,
        ];
        let methods = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "get"];
        for route in routes {
            let offered: Vec<&str> = route.allow().split(", ").collect();
            for name in methods {
                let method = Method::from_bytes(name.as_bytes()).expect("a token");
                let does = route.action(&method).is_some();
                assert_eq!(does, offered.contains(&name), "{route:?} {name}");
            }
        }
    }
}
