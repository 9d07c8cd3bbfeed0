/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.lm.text.jinja;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import org.junit.jupiter.api.Test;
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

class JinjaTemplateTest {

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
        assertThatThrownBy(() -> JinjaTemplate.parse(template, LocalDateTime::now)
                        .render(Map.of(), new Budget(500_000, 5_000_000)))
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
        JinjaTemplate template = JinjaTemplate.parse(
                "{{ strftime_now('%d %b %Y, %B %A %a %H:%M:%S %I %p %j %y-%m %% %F %T') }}", () -> time);

        // When, Then
        assertThat(template.render(Map.of()))
                .isEqualTo("07 Mar 2026, March Saturday Sat 15:04:05 03 PM 066 26-03 % 2026-03-07 15:04:05");
        assertThatThrownBy(() -> render("{{ strftime_now('%Q') }}")).isInstanceOf(TemplateException.class);
    }

    private static String render(String template) {
        return JinjaTemplate.parse(template, LocalDateTime::now).render(Map.of());
    }
}
