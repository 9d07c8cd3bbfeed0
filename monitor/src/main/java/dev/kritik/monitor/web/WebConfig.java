/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.monitor.web;

import java.util.List;
import java.util.Optional;

import dev.kritik.schema.config.Address;
import dev.kritik.schema.config.Secret;

/**
 * How the server is run.
 *
 * @param address where it listens; port 0 takes a free one
 * @param token what must be shown; empty lets everyone in
 * @param hosts names of hosts under which it may be reached without a token
 * @param clients most pages with live updates at once
 */
public record WebConfig(Address address, Optional<Secret> token, List<String> hosts, int clients) {

    public WebConfig {
        hosts = List.copyOf(hosts);
    }
}
