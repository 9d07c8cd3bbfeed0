/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.ops.replay.rescore;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;

import dev.kritik.ops.topics.acl.AclConfig;
import dev.kritik.schema.Topics;
import dev.kritik.schema.config.Configs;
import dev.kritik.schema.config.KafkaSettings;
import dev.kritik.stream.StreamConfig;

/**
 * The topics of one rescore: those of the installation with {@code rescore.NAME.} behind its prefix. None of them is a topic
 * of the installation; there is no other way to make one of these, and all that a rescore writes goes by its configuration.
 *
 * @param name of the rescore
 * @param live the topics of the installation, which are only read
 * @param own the topics that are written
 */
public record RescoreSpace(String name, Topics live, Topics own) {

    /** Begins the part of the prefix that is a rescore's. */
    private static final String MARK = "rescore.";

    /** Milliseconds: all that is known of a group is sent at once, so nobody waits long for a member that was missing then, too. */
    private static final long COLLECT_MS = 15_000;

    private static final Pattern NAME = Pattern.compile("[a-zA-Z0-9_-]{1,60}");

    public RescoreSpace {
        Set<String> both = new HashSet<>(live.all());
        both.retainAll(own.all());
        if (!both.isEmpty() || !own.prefix().equals(live.prefix() + MARK + name + ".")) {
            throw new IllegalArgumentException("topics " + both + " are those of the installation");
        }
    }

    /**
     * The space of a name.
     *
     * @throws IllegalArgumentException if the name is none, or the installation is itself a rescore
     */
    public static RescoreSpace of(Topics live, String name) {
        if (!NAME.matcher(name).matches()) {
            throw new IllegalArgumentException(
                    "'" + name + "' is no name for a rescore: 1 to 60 letters, digits, '_' and '-'");
        }
        if (live.prefix().startsWith(MARK) || live.prefix().contains("." + MARK)) {
            throw new IllegalArgumentException(
                    "topics.prefix is '" + live.prefix()
                            + "', which is a rescore's: give the prefix of the installation whose groups are to be judged again");
        }
        return new RescoreSpace(name, live, new Topics(live.prefix() + MARK + name + "."));
    }

    /** How the names of all rescores of an installation begin: of their topics, groups and transactional ids. */
    public static String prefixOfAll(Topics live) {
        return live.prefix() + MARK;
    }

    /**
     * The configuration of stream application and worker of the rescore: that of the installation, but for the prefix, and
     * without what names a single process or group there; groups with missing members wait for them 15 s at most.
     */
    public Map<String, String> config(Map<String, String> installation) {
        Map<String, String> config = new TreeMap<>(installation);
        config.keySet()
                .removeIf(key -> key.equals("worker.group")
                        || key.equals("worker.name")
                        || key.startsWith(AclConfig.PREFIX) // whoever rescores gives no rights
                        || key.equals("stream.instance.id")
                        || key.equals("stream.state.dir")
                        || key.endsWith(".http.address")
                        || key.endsWith(".http.port"));
        config.put(KafkaSettings.TOPICS_PREFIX, own.prefix());
        long collect = Configs.parse(StreamConfig.DEF, config).getLong(StreamConfig.COLLECT_TIMEOUT);
        config.put(StreamConfig.COLLECT_TIMEOUT, Long.toString(Math.min(collect, COLLECT_MS)));
        return config;
    }

    /**
     * Lets pass only what goes by the rescore's prefix.
     *
     * @throws IllegalStateException if it is another one
     */
    public Topics require(Topics topics) {
        if (!topics.equals(own)) {
            throw new IllegalStateException("a rescore must not write to topics with prefix '" + topics.prefix() + "'");
        }
        return topics;
    }
}
