/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.trainer.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

import java.util.HashSet;
import java.util.List;
import java.util.Set;

class ShownOrderTest {

    @Test
    void scoresGoBackToTheResponsesTheyBelongTo() {
        // Given: responses a, b, c shown as c, a, b
        ShownOrder order = new ShownOrder(List.of(2, 0, 1));

        // Then
        assertThat(order.show(List.of("a", "b", "c"))).containsExactly("c", "a", "b");
        assertThat(order.restore(List.of(9, 5, 7))).containsExactly(5, 7, 9);
    }

    @Test
    void theSameSeedDrawsTheSameOrderAndAllOrdersAreDrawn() {
        Set<ShownOrder> drawn = new HashSet<>();
        for (long seed = 0; seed < 200; seed++) {
            assertThat(ShownOrder.draw(3, Seeds.of(seed, "order")))
                    .isEqualTo(ShownOrder.draw(3, Seeds.of(seed, "order")));
            drawn.add(ShownOrder.draw(3, Seeds.of(seed, "order")));
        }
        assertThat(drawn).hasSize(6);
    }

    @Test
    void whatIsNoPermutationIsRefused() {
        assertThatThrownBy(() -> new ShownOrder(List.of(0, 2))).isInstanceOf(IllegalArgumentException.class);
        assertThatThrownBy(() -> new ShownOrder(List.of(1, 0)).restore(List.of(1)))
                .isInstanceOf(IllegalArgumentException.class);
    }
}
