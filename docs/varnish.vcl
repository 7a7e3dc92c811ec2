vcl 4.1;

# Varnish in front of Broadsheet: BROADSHEET_PURGE_URL=http://127.0.0.1:6081 tells it of every change.
# Needs the vmod xkey (Debian: varnish-modules).

import std;
import xkey;

backend default {
    .host = "127.0.0.1";
    .port = "8080";
}

# Whoever may purge: the instances of the site.
acl site {
    "127.0.0.1";
    "::1";
}

sub vcl_recv {
    if (req.method == "PURGE") {
        if (client.ip !~ site) {
            return (synth(403));
        }
        set req.http.n-gone = xkey.purge(req.http.Surrogate-Key);
        return (synth(200, "Purged " + req.http.n-gone));
    }
    if (req.method != "GET" && req.method != "HEAD") {
        return (pass);
    }
    # Editors get nothing that is kept; readers have no cookies.
    if (req.http.Cookie ~ "(^|; *)(__Host-)?sid=") {
        return (pass);
    }
    unset req.http.Cookie;
    return (hash);
}

sub vcl_backend_response {
    set beresp.http.xkey = beresp.http.Surrogate-Key;
    set beresp.grace = 0s;
    if (beresp.http.Surrogate-Control ~ "max-age=\d+") {
        # The site says for how long: until its next moment of change, and at most as long as it keeps pages itself.
        set beresp.ttl = std.duration(regsub(beresp.http.Surrogate-Control, ".*max-age=(\d+).*", "\1s"), 0s);
    } elsif (beresp.http.Cache-Control !~ "immutable") {
        set beresp.ttl = 0s;
        set beresp.uncacheable = true;
    }
    return (deliver);
}

sub vcl_deliver {
    unset resp.http.xkey;
    unset resp.http.Surrogate-Key;
    unset resp.http.Surrogate-Control;
    unset resp.http.X-Varnish;
    unset resp.http.Via;
}
