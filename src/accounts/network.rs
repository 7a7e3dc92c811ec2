//! Which network a request comes from, and how it is remembered without keeping an address.
//!
//! Pure: the web layer brings the peer address and the header lines.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use ipnet::IpNet;
use sha2::{Digest, Sha256};

/// More hops than this are not an honest chain of proxies, and need not be parsed.
const MAX_HOPS: usize = 32;

/// A keyed hash of the network; equal for all addresses that one customer usually holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct NetworkHash(pub [u8; 32]);

impl NetworkHash {
    pub fn as_bytes(&self) -> &[u8] {
        &self.0
    }
}

/// The client's address: the peer's, or, when the peer is a trusted proxy, the right-most address of
/// `forwarded` (the `X-Forwarded-For` lines in order) that is not a trusted proxy itself.
/// What stands left of it was written by a stranger.
pub fn client<'a>(
    peer: IpAddr,
    forwarded: impl DoubleEndedIterator<Item = &'a str>,
    trusted: &[IpNet],
) -> IpAddr {
    let is_trusted = |address: &IpAddr| trusted.iter().any(|network| network.contains(address));
    let mut client = peer.to_canonical();
    if !is_trusted(&client) {
        return client;
    }
    for hop in forwarded.rev().flat_map(|line| line.rsplit(',')).take(MAX_HOPS) {
        let Some(address) = address(hop.trim()) else { break };
        client = address;
        if !is_trusted(&client) {
            break;
        }
    }
    client
}

/// Proxies write `192.0.2.1`, `192.0.2.1:4711`, `2001:db8::1` and `[2001:db8::1]:4711`.
fn address(hop: &str) -> Option<IpAddr> {
    let bare = match hop.strip_prefix('[') {
        Some(rest) => rest.split_once(']')?.0,
        None => hop,
    };
    let parsed =
        bare.parse::<IpAddr>().ok().or_else(|| hop.parse::<std::net::SocketAddr>().ok().map(|a| a.ip()));
    parsed.map(|address| address.to_canonical())
}

/// IPv4 by address, IPv6 by /64: what one customer holds.
pub fn hash(key: &[u8; 32], address: IpAddr) -> NetworkHash {
    let network = match address.to_canonical() {
        IpAddr::V4(v4) => v4.octets().to_vec(),
        IpAddr::V6(v6) => v6.octets()[..8].to_vec(),
    };
    NetworkHash(keyed(key, &network))
}

/// An address cut short for the access log: /24 and /48.
pub fn coarse(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V4(v4) => {
            let [a, b, c, _] = v4.octets();
            Ipv4Addr::new(a, b, c, 0).into()
        }
        IpAddr::V6(v6) => {
            let [a, b, c, ..] = v6.segments();
            Ipv6Addr::new(a, b, c, 0, 0, 0, 0, 0).into()
        }
    }
}

/// SHA-256 twice with the key before it, so that the hash of one text says nothing about a longer one.
pub fn keyed(key: &[u8; 32], data: &[u8]) -> [u8; 32] {
    let inner = Sha256::new().chain_update(key).chain_update(data).finalize();
    Sha256::new().chain_update(key).chain_update(inner).finalize().into()
}

#[cfg(test)]
#[allow(clippy::unwrap_used)]
mod tests {
    use super::*;

    fn walk(peer: &str, lines: &[&str], trusted: &[&str]) -> String {
        let trusted: Vec<IpNet> = trusted.iter().map(|net| net.parse().unwrap()).collect();
        client(peer.parse().unwrap(), lines.iter().copied(), &trusted).to_string()
    }

    #[test]
    fn a_stranger_cannot_choose_an_address() {
        assert_eq!(walk("198.51.100.7", &["203.0.113.9"], &["10.0.0.0/8"]), "198.51.100.7");
    }

    #[test]
    fn a_trusted_proxy_is_believed_for_the_hop_it_saw() {
        assert_eq!(walk("10.0.0.1", &["6.6.6.6, 203.0.113.9"], &["10.0.0.0/8"]), "203.0.113.9");
    }

    #[test]
    fn several_trusted_proxies_are_walked_from_the_right() {
        let trusted = ["10.0.0.0/8", "192.168.0.0/16"];
        assert_eq!(walk("10.0.0.1", &["6.6.6.6", "203.0.113.9, 192.168.1.1"], &trusted), "203.0.113.9");
    }

    #[test]
    fn rubbish_stops_the_walk_at_the_last_known_hop() {
        assert_eq!(walk("10.0.0.1", &["203.0.113.9, unknown, 10.0.0.2"], &["10.0.0.0/8"]), "10.0.0.2");
    }

    #[test]
    fn ports_brackets_and_mapped_addresses_are_understood() {
        let trusted = ["10.0.0.0/8"];
        assert_eq!(walk("::ffff:10.0.0.1", &["203.0.113.9:80"], &trusted), "203.0.113.9");
        assert_eq!(walk("10.0.0.1", &["[2001:db8::5]:443"], &trusted), "2001:db8::5");
        assert_eq!(walk("10.0.0.1", &["2001:db8::5"], &trusted), "2001:db8::5");
    }

    #[test]
    fn addresses_of_one_64_are_one_network() {
        let of = |text: &str| hash(&[7; 32], text.parse().unwrap());
        assert_eq!(of("2001:db8:1:2::1"), of("2001:db8:1:2:ffff::9"));
        assert_ne!(of("2001:db8:1:2::1"), of("2001:db8:1:3::1"));
        assert_ne!(of("192.0.2.1"), of("192.0.2.2"));
        assert_eq!(of("192.0.2.1"), of("::ffff:192.0.2.1"));
    }

    #[test]
    fn the_hash_depends_on_the_key() {
        let address = "192.0.2.1".parse().unwrap();
        assert_ne!(hash(&[1; 32], address), hash(&[2; 32], address));
    }

    #[test]
    fn the_log_sees_only_a_coarse_address() {
        assert_eq!(coarse("192.0.2.77".parse().unwrap()).to_string(), "192.0.2.0");
        assert_eq!(coarse("2001:db8:1:2::9".parse().unwrap()).to_string(), "2001:db8:1::");
    }
}
