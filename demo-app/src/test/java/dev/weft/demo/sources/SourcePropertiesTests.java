/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.demo.sources;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;
import org.springframework.core.NestedExceptionUtils;

class SourcePropertiesTests {

    private final ApplicationContextRunner contextRunner = new ApplicationContextRunner()
            .withUserConfiguration(Properties.class);

    @Test
    void aSourceWithAnAddressIsNotSimulated() {
        contextRunner
                .withPropertyValues("demo.sources[0].name=shop", "demo.sources[0].url=https://shop.example/{item}")
                .run(context -> assertThat(context.getBean(SourceProperties.class).sources())
                        .singleElement()
                        .satisfies(source -> assertThat(source.isSimulated()).isFalse()));
    }

    @Test
    void anAddressNeedsAPlaceForTheItem() {
        failsWith("https://shop.example/", "demo.sources[0].name=shop", "demo.sources[0].url=https://shop.example/");
    }

    @Test
    void namesAreDistinctAndPlain() {
        failsWith("'shop' twice", "demo.sources[0].name=shop", "demo.sources[1].name=shop");
        failsWith("'Shop One'", "demo.sources[0].name=Shop One");
    }

    @Test
    void behaviourIsInRange() {
        failsWith("0 to 1", "demo.sources[0].name=shop", "demo.sources[0].failure-rate=2");
        failsWith("0 ms to 30000 ms", "demo.sources[0].name=shop", "demo.sources[0].latency=1m");
    }

    private void failsWith(String message, String... properties) {
        contextRunner.withPropertyValues(properties).run(context -> assertThat(
                NestedExceptionUtils.getMostSpecificCause(context.getStartupFailure()))
                .hasMessageContaining(message));
    }

    @EnableConfigurationProperties(SourceProperties.class)
    static class Properties {}
}
