/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.topics.acl;

import org.apache.kafka.common.config.AbstractConfig;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.ConfigDef.Importance;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

import dev.kritik.schema.config.ConfigError;
import dev.kritik.schema.config.Configs;

/**
 * The keys {@code acl.*}: which user plays which role.
 *
 * @param principals by role; a role that is not named is left out of everything
 * @param host see {@code acl.host}
 * @param groups see {@code acl.groups}
 * @param transactions see {@code acl.transactional.ids}; empty for those of {@code kritik train grpo}
 */
public record AclConfig(
        Map<AclRole, List<String>> principals, String host, List<String> groups, List<String> transactions) {

    /** Begins every key. */
    public static final String PREFIX = "acl.";

    private static final String HOST = PREFIX + "host";
    private static final String GROUPS = PREFIX + "groups";
    private static final String TRANSACTIONS = PREFIX + "transactional.ids";

    /** Names of certificates have commas of their own: only one before a further "User:" separates. */
    private static final Pattern SEPARATOR = Pattern.compile(",\\s*(?=[A-Za-z][A-Za-z0-9]*:)");

    private static final Pattern PRINCIPAL = Pattern.compile("[A-Za-z][A-Za-z0-9]*:.*[^\\s*].*");

    /** The keys. */
    public static final ConfigDef DEF = keys();

    public AclConfig {
        principals = Map.copyOf(principals);
        groups = List.copyOf(groups);
        transactions = List.copyOf(transactions);
    }

    private static ConfigDef keys() {
        ConfigDef keys = new ConfigDef();
        for (AclRole role : AclRole.values()) {
            keys.define(
                    key(role),
                    ConfigDef.Type.STRING,
                    "",
                    Importance.MEDIUM,
                    "The user of " + role.about() + ": a principal as brokers know it, such as " + suggested(role)
                            + "; several are separated by commas. Not set: nothing is given to this role, nor checked.");
        }
        return keys.define(
                        HOST,
                        ConfigDef.Type.STRING,
                        "*",
                        Importance.LOW,
                        "From which host all these users come, as an IP address; * for any.")
                .define(
                        GROUPS,
                        ConfigDef.Type.LIST,
                        List.of(),
                        Importance.LOW,
                        "Further consumer groups, besides those of stream application and workers, whose lag exporter and"
                                + " dashboard should see. NAME* stands for all groups whose names begin with NAME, * for all.")
                .define(
                        TRANSACTIONS,
                        ConfigDef.Type.LIST,
                        List.of(),
                        Importance.LOW,
                        "How the transactional ids of trainers begin that write groups with a name of their own. Not set:"
                                + " kritik-grpo- with topics.prefix in front, which is that of 'kritik train grpo'.");
    }

    static String key(AclRole role) {
        return PREFIX + role.label();
    }

    /** What a user of this role may be called. */
    public static String suggested(AclRole role) {
        return "User:kritik-" + role.label();
    }

    /**
     * Reads the keys out of all configuration.
     *
     * @throws ConfigError if a value is wrong; names the key
     */
    public static AclConfig from(Map<String, String> all) {
        AbstractConfig config = Configs.parse(DEF, all);
        Map<AclRole, List<String>> principals = new EnumMap<>(AclRole.class);
        for (AclRole role : AclRole.values()) {
            List<String> named = principals(key(role), config.getString(key(role)));
            if (!named.isEmpty()) {
                principals.put(role, named);
            }
        }
        String host = config.getString(HOST).strip();
        if (host.isEmpty()) {
            throw new ConfigError(HOST + " is empty; * stands for any host");
        }
        return new AclConfig(principals, host, config.getList(GROUPS), config.getList(TRANSACTIONS));
    }

    private static List<String> principals(String key, String value) {
        List<String> principals = Arrays.stream(SEPARATOR.split(value.strip()))
                .map(String::strip)
                .filter(one -> !one.isEmpty())
                .distinct()
                .toList();
        for (String principal : principals) {
            if (!PRINCIPAL.matcher(principal).matches()) {
                throw new ConfigError(key + ": '" + principal
                        + "' is no principal; it has a type and a name, such as User:alice, and stands for one user");
            }
        }
        return principals;
    }

    /** Whether any role has a user. */
    public boolean isSet() {
        return !principals.isEmpty();
    }

    /** The same with a user for every role, under the names that {@link #suggested} gives. */
    public AclConfig withSuggested() {
        Map<AclRole, List<String>> all = new EnumMap<>(AclRole.class);
        for (AclRole role : AclRole.values()) {
            all.put(role, List.of(suggested(role)));
        }
        return new AclConfig(all, host, groups, transactions);
    }
}
