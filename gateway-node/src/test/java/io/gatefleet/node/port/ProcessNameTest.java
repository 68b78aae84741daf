package io.gatefleet.node.port;

import static org.assertj.core.api.Assertions.assertThat;

import io.gatefleet.contract.host.Listener.Reading;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProcessNameTest {
    @ParameterizedTest(name = "{0}, {1}: {2}")
    @CsvSource(textBlock = """
                    openclaw-gatewa, /usr/bin/node,                                GATEWAY_LIKE
                    MainThread,      /opt/node-24/bin/node,                        GATEWAY_LIKE
                    node,            /usr/bin/node (deleted),                      GATEWAY_LIKE
                    node,            /usr/bin/node22,                              GATEWAY_LIKE
                    nodejs,          /usr/bin/nodejs,                              GATEWAY_LIKE
                    worker,          /root/.bun/bin/bun,                           GATEWAY_LIKE
                    deno,            /usr/bin/deno,                                GATEWAY_LIKE
                    clawdbot-gatewa, /usr/bin/python3,                             GATEWAY_LIKE
                    omniclaw,        /usr/bin/node,                                GATEWAY_LIKE
                    chrome,          /opt/google/chrome/chrome,                    GATEWAY_LIKE
                    chromium,        /usr/lib/chromium/chromium,                   GATEWAY_LIKE
                    chromium-browse, /usr/lib/chromium-browser/chromium-browser,   GATEWAY_LIKE
                    headless_shell,  /root/.cache/ms-playwright/headless_shell,    GATEWAY_LIKE
                    chrome-headless, /opt/chrome-headless-shell,                   GATEWAY_LIKE
                    gatefleet-sim,   /usr/lib/jvm/java-17-openjdk-amd64/bin/java,  GATEWAY_LIKE
                    gatefleet-sim,   ,                                             GATEWAY_LIKE
                    openclaw,        ,                                             GATEWAY_LIKE
                    java,            /usr/lib/jvm/java-17-openjdk-amd64/bin/java,  PLAIN
                    sshd,            /usr/sbin/sshd,                               PLAIN
                    postgres,        /usr/lib/postgresql/16/bin/postgres,          PLAIN
                    docker-proxy,    /usr/bin/docker-proxy,                        PLAIN
                    node_exporter,   /usr/bin/node_exporter,                       PLAIN
                    kubelet,         /usr/bin/kubelet,                             PLAIN
                    python3,         /usr/bin/python3.11,                          PLAIN
                    java,            ,                                             UNKNOWN
                    sshd,            ,                                             UNKNOWN
                    """)
    void aNameIsReadWithCare(String comm, String exe, Reading reading) {
        assertThat(ProcessName.of(comm, exe).reading()).isEqualTo(reading);
    }

    @ParameterizedTest(name = "{0}, {1}: {2}")
    @CsvSource(textBlock = """
                    java,            /usr/bin/java,                             java
                    node,            /usr/bin/node (deleted),                   node
                    openclaw-gatewa, /usr/bin/node,                             openclaw-gatewa (node)
                    systemd-resolve, /usr/lib/systemd/systemd-resolved,         systemd-resolved
                    sshd,            ,                                          sshd
                    """)
    void bothNamesAreShownWhereTheyDiffer(String comm, String exe, String shown) {
        assertThat(ProcessName.of(comm, exe).shown()).isEqualTo(shown);
    }

    @Test
    void aNameCannotWriteToATerminal() {
        assertThat(ProcessName.of("\u001B[2Jgone\nINFO", "/tmp/\u0007bell").shown())
                .isEqualTo("\uFFFD[2Jgone\uFFFDINFO (\uFFFDbell)");
    }
}
