/* SPDX-License-Identifier: Apache-2.0 */
package dev.kritik.containers;

import org.testcontainers.utility.DockerImageName;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Optional;
import java.util.Properties;

/** Which images run: as a system property says, else an environment variable, else the public ones. */
final class Images {

    private Images() {}

    /** {@code kritik.image.kafka}, {@code KAFKA_IMAGE}: Apache Kafka's image, or one that works as it does. */
    static DockerImageName kafka() {
        return image("kafka", "KAFKA_IMAGE");
    }

    /** {@code kritik.image.registry}, {@code REGISTRY_IMAGE}: Apicurio Registry's. */
    static DockerImageName registry() {
        return image("registry", "REGISTRY_IMAGE");
    }

    private static DockerImageName image(String program, String variable) {
        String usual = defaults().getProperty(program);
        String name = Optional.ofNullable(System.getProperty("kritik.image." + program))
                .or(() -> Optional.ofNullable(System.getenv(variable)))
                .filter(given -> !given.isBlank())
                .orElse(usual);
        return DockerImageName.parse(name)
                .asCompatibleSubstituteFor(DockerImageName.parse(usual).getUnversionedPart());
    }

    private static Properties defaults() {
        Properties images = new Properties();
        try (InputStream in = Images.class.getResourceAsStream("images.properties")) {
            images.load(in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return images;
    }
}
