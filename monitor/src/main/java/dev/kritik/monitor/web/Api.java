/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.monitor.web;

import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import dev.kritik.monitor.watch.Bodies;
import dev.kritik.monitor.watch.GroupFilter;
import dev.kritik.monitor.watch.GroupKey;
import dev.kritik.monitor.watch.GroupLine;
import dev.kritik.monitor.watch.GroupPlaces;
import dev.kritik.monitor.watch.Place;
import dev.kritik.monitor.watch.Watch;

/** What the page asks for, as JSON. Safe for use by many threads. */
final class Api {

    private static final int LINES = 100;
    private static final int MOST_LINES = 1_000;

    private final Watch watch;
    private final Bodies bodies;
    private final InstantSource clock;

    Api(Watch watch, Bodies bodies, InstantSource clock) {
        this.watch = watch;
        this.bodies = bodies;
        this.clock = clock;
    }

    /**
     * The answer; empty where there is nothing under this path.
     *
     * @throws Parameters.Wrong if a parameter can't be used
     * @throws Bodies.Unavailable if the brokers don't answer
     */
    Optional<Reply> answer(String path, Parameters parameters) {
        return switch (path) {
            case "/api/overview" ->
                Optional.of(Reply.json(watch.overview(parameters.number("since", 0, 0, Long.MAX_VALUE))));
            case "/api/groups" -> Optional.of(groups(parameters));
            case "/api/group" -> Optional.of(group(parameters));
            case "/api/dead-letters" -> Optional.of(deadLetters(parameters));
            case "/api/dead-letter" -> Optional.of(deadLetter(parameters));
            default -> Optional.empty();
        };
    }

    private Reply groups(Parameters parameters) {
        List<GroupLine> lines = watch.groups(new GroupFilter(
                parameters.text("job"),
                parameters.text("status"),
                parameters.text("q"),
                parameters.choice("order", GroupFilter.Order.NEWEST, GroupFilter.Order.class),
                (int) parameters.number("limit", LINES, 1, MOST_LINES)));
        return Reply.json(Map.of("nowMs", clock.millis(), "groups", lines));
    }

    private Reply group(Parameters parameters) {
        GroupKey id = new GroupKey(parameters.required("job"), parameters.required("group"), (int)
                parameters.number("attempt", 0, 0, Integer.MAX_VALUE));
        Optional<GroupPlaces> places = watch.places(id);
        if (places.isEmpty()) {
            return Reply.problem(
                    404,
                    "Not here",
                    "The group is not among those that the dashboard remembers: it is older than dashboard.window.ms,"
                            + " made room for newer ones (dashboard.groups.max), or has not come yet."
                            + " 'kritik replay export' reads older ones from the topics.");
        }
        return Reply.json(GroupJson.of(places.get(), bodies.group(places.get()), clock.millis()));
    }

    private Reply deadLetters(Parameters parameters) {
        return Reply.json(Map.of("nowMs", clock.millis(), "deadLetters", watch.deadLetters(parameters.text("reason"))));
    }

    private Reply deadLetter(Parameters parameters) {
        Place place = new Place(
                (int) parameters.number("partition", 0, 0, Integer.MAX_VALUE),
                parameters.number("offset", 0, 0, Long.MAX_VALUE));
        boolean payload = parameters.text("payload").equals("true");
        return bodies.deadLetter(place)
                .map(letter -> Reply.json(json(letter, payload)))
                .orElseGet(() -> Reply.problem(
                        404, "Not here", "The topic does not hold this record any more: retention has deleted it."));
    }

    private static Map<String, Object> json(Bodies.DeadLetter letter, boolean payload) {
        Map<String, Object> json = new LinkedHashMap<>();
        json.put("headers", letter.headers());
        json.put("key", letter.key());
        json.put("bytes", letter.value() == null ? null : letter.value().length);
        if (payload) {
            json.put("value", Payload.of(letter.value()));
        }
        return json;
    }
}
