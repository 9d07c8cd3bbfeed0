/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.lm.text.jinja;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.io.InputStream;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;

class JinjaTemplateTest {

    private static final String TWICE =
            "{% set ns = namespace(x=[1]) %}{% for i in range(40) %}{% set ns.x = [ns.x, ns.x] %}{% endfor %}";
    private static final String DEEP =
            "{% set ns = namespace(x=[1]) %}{% for i in range(5000) %}{% set ns.x = [ns.x] %}{% endfor %}";
    private static final LocalDateTime NOW = LocalDateTime.of(2026, 11, 5, 0, 0);
    private static final String BIG = "{% set big = 'a' * 1000000 %}";

    @Test
    void rendersAsPythonsJinjaOrSaysThatItCant() throws IOException {
        // Given
        JsonNode cases;
        try (InputStream in = Objects.requireNonNull(
                JinjaTemplateTest.class.getResourceAsStream("/dev/kritik/lm/text/snippets.json"))) {
            cases = new ObjectMapper().readTree(in);
        }

        // When
        List<String> differences = new ArrayList<>();
        for (JsonNode one : cases) {
            String template = one.get("template").asText();
            String expected = one.has("error") ? null : one.get("rendered").asText();
            String rendered;
            try {
                rendered = render(template);
            } catch (TemplateException e) {
                rendered = expected == null ? null : e.getMessage();
            }
            if (!Objects.equals(rendered, expected)) {
                differences.add("%s%n  expected %s%n  but was  %s".formatted(template, expected, rendered));
            }
        }

        // Then
        assertThat(cases.size()).isGreaterThan(500);
        assertThat(differences).isEmpty();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "1;{% include 'x' %};include",
                "3;a{{ 1 }}NNb{{ x.y }};undefined",
                "2;{# cN#}{{ 1 | shout }};shout",
                "4;{% if 1 %}NNN{% extends 'x' %}{% endif %};extends",
                "2;N{{ x.shout() }};undefined",
                "3;{{ 1N}}N{% for %};expected a name",
                "2;{% raw %}N{% endraw %}{{ [ }};unexpected",
            })
    void anErrorNamesTheLine(int line, String template, String reason) {
        // Given, When, Then
        assertThatThrownBy(() -> render(template.replace("N", "\n")))
                .isInstanceOf(TemplateException.class)
                .hasMessageContaining("line " + line + ":")
                .hasMessageContaining(reason);
    }

    @Test
    void aTemplatesOwnRefusalCanBeTold() {
        // Given, When, Then
        assertThatThrownBy(() -> render("{{ raise_exception('no system turn') }}"))
                .isInstanceOfSatisfying(
                        TemplateException.class, e -> assertThat(e.refused()).isTrue())
                .hasMessageContaining("no system turn");
        assertThatThrownBy(() -> render("{{ 1 + none }}"))
                .isInstanceOfSatisfying(
                        TemplateException.class, e -> assertThat(e.refused()).isFalse());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{{ ''.__class__ }}",
                "{{ ''['__class__'].mro }}",
                "{{ messages.getClass().forName('java.lang.Runtime') }}",
                "{{ ''.getClass() }}",
                "{{ namespace.__init__.__globals__ }}",
                "{{ self }}{{ self.x }}",
                "{{ cycler.__init__ }}",
                "{{ range.__self__.x }}",
                "{% import 'os' as os %}",
                "{% from 'x' import y %}",
            })
    void aTemplateReachesNothingThatItWasNotGiven(String template) {
        // Given, When, Then: an error, or nothing
        String rendered;
        try {
            rendered = render(template);
        } catch (TemplateException e) {
            rendered = "";
        }
        assertThat(rendered).isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{% for i in range(100000) %}{% for j in range(100000) %}{% endfor %}{% endfor %}",
                "{% set ns = namespace(s='ab') %}{% for i in range(99) %}{% set ns.s = ns.s + ns.s %}{% endfor %}",
                "{% set ns = namespace(s=[1]) %}{% for i in range(99) %}{% set ns.s = ns.s + ns.s %}{% endfor %}",
                "{{ 'x' * 2000000000 * 2000000000 }}",
                "{{ 'x' * 2000000000 }}",
                "{{ range(2000000000) }}",
                "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
                "{% set ns = namespace(s='x' * 1000000) %}{% for i in range(99) %}{{ ns.s }}{% endfor %}",
                "{% set a = 'a' * 4000 %}{{ a.replace('a', a).replace('a', a) }}",
                "{{ 9223372036854775807 + 1 }}",
                "{{ 10 ** 60 }}",
            })
    void whatATemplateMayDoIsBounded(String template) {
        // Given, When, Then
        assertThatThrownBy(() -> renderWithLittle(template)).isInstanceOf(TemplateException.class);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                // A list that holds itself twice, forty levels of it, is small, and has more parts than can be visited
                TWICE + "{{ ns.x }}",
                TWICE + "{{ ns.x | tojson }}",
                TWICE + "{{ ns.x | tojson(indent=2) }}",
                TWICE + "{{ ns.x | string }}",
                TWICE + "{{ ns.x ~ '' }}",
                TWICE + "{{ '%s' % (ns.x,) }}",
                TWICE + "{{ '{}'.format(ns.x) }}",
                TWICE + "{{ [ns.x] | join }}",
                TWICE + "{{ raise_exception(ns.x) }}",
                TWICE + "{{ ns.x == [ns.x[1], ns.x[0]] }}",
                TWICE + "{{ ns.x in [[ns.x[1], ns.x[0]]] }}",
                TWICE + "{{ ns.x is eq([ns.x[1], ns.x[0]]) }}",
                TWICE + "{{ [ns.x, [ns.x[1], ns.x[0]]] | unique }}",
                // Levels
                DEEP + "{{ ns.x }}",
                DEEP + "{{ ns.x | tojson }}",
                DEEP + "{{ ns.x == [ns.x[0]] }}",
                // Little to write, and much to do
                BIG + "{% for i in range(9999) %}{% if 'x' in big %}{% endif %}{% endfor %}",
                BIG + "{% for i in range(9999) %}{% if big | length %}{% endif %}{% endfor %}",
                BIG + "{% for i in range(9999) %}{% if big[999999] %}{% endif %}{% endfor %}",
                BIG + "{% for i in range(9999) %}{% if big == 'a' * 1000000 %}{% endif %}{% endfor %}",
                BIG + "{% for i in range(9999) %}{% if big < big %}{% endif %}{% endfor %}",
                BIG + "{% for i in range(9999) %}{% if big in {'a': 1} %}{% endif %}{% endfor %}",
                BIG + "{% for i in range(9999) %}{% if big.find('b') %}{% endif %}{% endfor %}",
                BIG + "{% for i in range(9999) %}{% if big | int %}{% endif %}{% endfor %}",
                BIG
                        + "{% set all = [big, big, big, big] %}{% for i in range(9999) %}{% if all | sort %}{% endif %}{% endfor %}",
                BIG + "{{ strftime_now('%Y' * 1000000) }}",
                BIG + "{{ ('a ' * 1000000).split() }}",
                BIG + "{{ ('a' * 1000000) | list }}",
                BIG + "{{ ('\n' * 1000000) | indent(1000, true, true) }}",
                BIG + "{{ [1] | tojson(indent=2147483647) }}",
                BIG + "{{ '%s%s%s%s%s%s' % (big, big, big, big, big, big) }}",
                "{% set ns = namespace(x=[]) %}{% for i in range(9999) %}{% set ns.x = [ns.x, 'a' * 9999] %}{% endfor %}",
            })
    void lookingAtValuesIsBoundedToo(String template) {
        // Given, When, Then
        assertThatThrownBy(() -> renderWithLittle(template))
                .isInstanceOf(TemplateException.class)
                .hasMessageMatching(".*(it does too much|it makes|too many levels).*");
    }

    private static String renderWithLittle(String template) {
        return JinjaTemplate.parse(template, NOW).render(Map.of(), new Budget(500_000, 20_000_000, 5_000_000));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{{ nothing[ns.x] }}",
                "{{ {'a': 1}[ns.x].b }}",
                "{{ raise_exception('a' * 1000000) }}",
                "{{ nothing['a' * 1000000] }}",
            })
    void aMessageIsShort(String template) {
        // Given, When, Then
        assertThatThrownBy(() -> render(TWICE + template))
                .isInstanceOfSatisfying(
                        TemplateException.class, e -> assertThat(e.getMessage()).hasSizeLessThan(1_000));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{{ ('a' * 500000 ~ 'b') in ('a' * 1000000) }}",
                "{{ ('a' * 1000000).find('a' * 500000 ~ 'b') }}",
                "{{ ('a' * 1000000).rfind('b' ~ 'a' * 500000) }}",
                "{{ ('a' * 1000000).count('a' * 500000 ~ 'b') }}",
                "{{ ('a' * 1000000).split('a' * 500000 ~ 'b') | length }}",
                "{{ ('a' * 1000000) | replace('a' * 500000 ~ 'b', '') | length }}",
                "{{ ('a' * 1000000).strip('b' * 500000) | length }}",
                "{{ ('a' * 1000000) | trim('b' * 500000 ~ 'a') | length }}",
                "{{ ('a ' * 1000000).split() | length }}",
                TWICE + "{{ ns.x in {'a': 1} }}{{ {'a': 1}.get(ns.x) }}{{ {'a': 1}[ns.x] }}",
            })
    @Timeout(20)
    void whatTakesTimeWithTheLengthTakesNoMoreThanThat(String template) {
        // Given, When, Then: the product of the lengths would take hours
        assertThat(render(template)).isNotEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}",
                DEEP + "{{ ns.x }}",
                DEEP + "{{ ns.x == [ns.x[0]] }}",
            })
    void levelsEndBeforeASmallStackDoes(String template) throws InterruptedException {
        // Given
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Thread thread = new Thread(
                null,
                () -> {
                    try {
                        render(template);
                    } catch (Throwable e) {
                        thrown.set(e);
                    }
                },
                "small",
                200_000);

        // When
        thread.start();
        thread.join();

        // Then
        assertThat(thrown.get()).isInstanceOf(TemplateException.class).hasMessageContaining("too many levels");
    }

    @Test
    void aFilterThatNamesItselfAgainAndAgainIsStopped() {
        // Given, When, Then
        assertThatThrownBy(() -> render(DEEP + "{{ ns.x | map(" + "'map', ".repeat(4_000) + "'list') | list }}"))
                .isInstanceOf(TemplateException.class)
                .hasMessageContaining("too many levels");
    }

    @Test
    void aConditionMayHaveManyCases() {
        // Given
        StringBuilder template = new StringBuilder("{% if 0 %}");
        for (int i = 0; i < 300; i++) {
            template.append("{% elif i == ").append(i).append(" %}").append(i);
        }

        // When, Then
        assertThat(render("{% set i = 299 %}" + template + "{% else %}none{% endif %}"))
                .isEqualTo("299");
        assertThat(render("{% set i = -1 %}" + template + "{% else %}none{% endif %}"))
                .isEqualTo("none");
        assertThatThrownBy(() -> render("{% if 0 %}" + "{% elif 0 %}".repeat(100_000) + "{% endif %}"))
                .isInstanceOf(TemplateException.class);
    }

    @ParameterizedTest
    @ValueSource(strings = {"(", "[", "{'a':", "not ", "-", "x if y else ", "f("})
    void nestingWithoutEndIsAnErrorToo(String piece) {
        // Given, When, Then
        assertThatThrownBy(() -> render("{{ " + piece.repeat(5_000) + "1 }}")).isInstanceOf(TemplateException.class);
        assertThatThrownBy(() -> render("{% if 1 %}".repeat(5_000))).isInstanceOf(TemplateException.class);
    }

    @Test
    void theTimeIsWrittenAsPythonDoes() {
        // Given
        LocalDateTime time = LocalDateTime.of(2026, 3, 7, 15, 4, 5);
        JinjaTemplate template =
                JinjaTemplate.parse("{{ strftime_now('%d %b %Y, %B %A %a %H:%M:%S %I %p %j %y-%m %% %F %T') }}", time);

        // When, Then
        assertThat(template.render(Map.of()))
                .isEqualTo("07 Mar 2026, March Saturday Sat 15:04:05 03 PM 066 26-03 % 2026-03-07 15:04:05");
        assertThatThrownBy(() -> render("{{ strftime_now('%Q') }}")).isInstanceOf(TemplateException.class);
    }

    private static String render(String template) {
        return JinjaTemplate.parse(template, NOW).render(Map.of());
    }
}
