/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.monitor.lag;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;

import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

import dev.kritik.monitor.lag.LagReport.Ends;
import dev.kritik.monitor.lag.LagReport.Group;

/** What a look has found as gauges. A figure that is not known has no series: it is never 0. Of one thread. */
final class LagMeters {

    private final MultiGauge records;
    private final MultiGauge seconds;
    private final MultiGauge position;
    private final MultiGauge begin;
    private final MultiGauge end;
    private final MultiGauge written;
    private final MultiGauge members;
    private final MultiGauge state;

    LagMeters(MeterRegistry registry) {
        records = gauge(
                registry,
                "kritik.lag.records",
                "Records that a group has not read, or not settled, yet, as Kafka's own tools count them");
        seconds = gauge(
                registry,
                "kritik.lag.seconds",
                "Age of the oldest record that a group may read and has not read, or not settled; 0 if there is none");
        position = gauge(
                registry,
                "kritik.lag.position",
                "Committed offset of a consumer group; of a share group the first offset that is not settled");
        begin = gauge(registry, "kritik.topic.begin.offset", "First offset that is still kept");
        end = gauge(
                registry,
                "kritik.topic.end.offset",
                "Offset after the last record that may be read (committed transactions)");
        written = gauge(
                registry,
                "kritik.topic.written.offset",
                "Offset after the last record that is safely written, those of open transactions too");
        members = gauge(registry, "kritik.group.members", "Members of a group now");
        state = gauge(registry, "kritik.group.state", "1 for the state in which Kafka says that a group is");
    }

    private static MultiGauge gauge(MeterRegistry registry, String name, String description) {
        return MultiGauge.builder(name).description(description).register(registry);
    }

    /** From now on these figures are shown, and no others. */
    void show(LagReport report) {
        List<PartitionLag> lags = report.lags();
        show(
                records,
                lags.stream().filter(lag -> lag.records().isPresent()).toList(),
                LagMeters::tags,
                lag -> lag.records().getAsLong());
        show(
                seconds,
                lags.stream().filter(lag -> lag.seconds().isPresent()).toList(),
                LagMeters::tags,
                lag -> lag.seconds().getAsDouble());
        show(
                position,
                lags.stream().filter(lag -> lag.position().isPresent()).toList(),
                LagMeters::tags,
                lag -> lag.position().getAsLong());
        show(begin, report.ends(), LagMeters::tags, Ends::begin);
        show(end, report.ends(), LagMeters::tags, Ends::end);
        show(written, report.ends(), LagMeters::tags, Ends::written);
        show(
                members,
                report.groups().stream()
                        .filter(group -> group.members().isPresent())
                        .toList(),
                LagMeters::tags,
                group -> group.members().getAsInt());
        show(state, report.groups(), group -> tags(group).and("state", group.state()), group -> 1);
    }

    /** From now on nothing is shown. */
    void clear() {
        for (MultiGauge gauge : List.of(records, seconds, position, begin, end, written, members, state)) {
            gauge.register(List.of(), true);
        }
    }

    private static <T> void show(MultiGauge gauge, List<T> all, Function<T, Tags> tags, ToDoubleFunction<T> value) {
        gauge.register(
                all.stream()
                        .map(one -> Row.of(tags.apply(one), value.applyAsDouble(one)))
                        .toList(),
                true);
    }

    private static Tags tags(PartitionLag lag) {
        return Tags.of(
                "group",
                lag.group(),
                "kind",
                lag.kind().name().toLowerCase(Locale.ROOT),
                "topic",
                lag.topic(),
                "partition",
                Integer.toString(lag.partition()));
    }

    private static Tags tags(Ends ends) {
        return Tags.of("topic", ends.topic(), "partition", Integer.toString(ends.partition()));
    }

    private static Tags tags(Group group) {
        return Tags.of("group", group.id(), "kind", group.kind().name().toLowerCase(Locale.ROOT));
    }
}
