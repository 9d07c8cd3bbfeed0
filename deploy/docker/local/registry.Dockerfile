# SPDX-License-Identifier: Apache-2.0
# Apicurio Registry as Maven Central has it; settings by environment, as in the public image.
FROM kritik-local/jdk AS jdk
RUN jlink --add-modules java.se,jdk.unsupported,jdk.management,jdk.crypto.ec,jdk.naming.dns,jdk.net,jdk.security.auth,jdk.security.jgss,jdk.zipfs,jdk.jfr \
    --no-header-files --no-man-pages --compress zip-6 --output /runtime
FROM kritik-local/debian
COPY --from=jdk /runtime /opt/java/openjdk
COPY app /opt/registry
ENV PATH=/opt/java/openjdk/bin:/usr/bin:/bin LANG=C.UTF-8 QUARKUS_HTTP_HOST=0.0.0.0 QUARKUS_MANAGEMENT_HOST=0.0.0.0
USER 1001
EXPOSE 8080 9000
WORKDIR /tmp
ENTRYPOINT ["java", "-XX:MaxRAMPercentage=60", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1", "-Duser.home=/tmp", "--enable-native-access=ALL-UNNAMED", "--add-opens=java.base/java.lang=ALL-UNNAMED", "-jar", "/opt/registry/quarkus-run.jar"]
