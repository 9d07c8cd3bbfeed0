/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.trainer.grpo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class ProxyTest {

    @Test
    void meanAndItsErrorAreThoseOfAllGroupsSinceItWasCleared() {
        // Given
        Proxy proxy = new Proxy();
        proxy.add(new double[] {100, 200});
        proxy.clear();

        // When
        proxy.add(new double[] {2, 4});
        proxy.add(new double[] {});
        proxy.add(new double[] {9});

        // Then: differences from 5 are -3, -1, 4; 26 / 2 is the variance
        assertThat(proxy.count()).isEqualTo(3);
        assertThat(proxy.mean()).isCloseTo(5, within(1e-12));
        assertThat(proxy.error()).isCloseTo(Math.sqrt(13.0 / 3), within(1e-12));
    }

    @Test
    void rewardsThatAreAlikeHaveNoErrorHoweverManyThereAre() {
        Proxy proxy = new Proxy();
        for (int i = 0; i < 10_000; i++) {
            proxy.add(new double[] {9.3});
        }
        assertThat(proxy.mean()).isCloseTo(9.3, within(1e-9));
        assertThat(proxy.error()).isCloseTo(0, within(1e-9));
    }
}
