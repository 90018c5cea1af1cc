/* SPDX-License-Identifier: Apache-2.0 */
package dev.weft.demo.chart;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.google.gson.Gson;
import com.google.gson.JsonElement;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import io.kubernetes.client.util.ModelMapper;
import java.lang.reflect.InvocationTargetException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.MapperFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Finds what a Kubernetes API server would refuse in a manifest.
 *
 * <p>Two clients, because each is blind on one eye: {@code client-java} names every unknown field and lets a wrong type
 * pass; fabric8 refuses a wrong type and hides an unknown field among an object's additional properties. Neither knows
 * the Prometheus operator, whose two kinds are held against the fields that its API has and this chart uses.
 */
final class StrictParser {

    private static final String OPERATOR = "monitoring.coreos.com/";

    private final JsonMapper operator = JsonMapper.builder()
            .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .build();
    private final Gson gson = new Gson();
    private final KubernetesSerialization fabric8 = new KubernetesSerialization();

    /** Returns complaints; none means a valid manifest. */
    List<String> complaints(Map<String, Object> manifest) {
        List<String> complaints = new ArrayList<>();
        String apiVersion = String.valueOf(manifest.get("apiVersion"));
        if (apiVersion.startsWith(OPERATOR)) {
            operatorKind(manifest, complaints);
        } else {
            unknownFields(apiVersion, manifest, complaints);
            wrongTypes(manifest, complaints);
        }
        return complaints;
    }

    private void operatorKind(Map<String, Object> manifest, List<String> complaints) {
        Class<?> type = "ServiceMonitor".equals(manifest.get("kind")) ? ServiceMonitor.class : PrometheusRule.class;
        try {
            operator.convertValue(manifest, type);
        } catch (JacksonException | IllegalArgumentException refused) {
            complaints.add(String.valueOf(refused.getMessage()));
        }
    }

    private void unknownFields(String apiVersion, Map<String, Object> manifest, List<String> complaints) {
        String kind = String.valueOf(manifest.get("kind"));
        Class<?> type = ModelMapper.getApiTypeClass(apiVersion, kind);
        if (type == null) {
            complaints.add("no such thing as a " + kind + " in " + apiVersion);
            return;
        }
        try {
            type.getMethod("validateJsonElement", JsonElement.class).invoke(null, gson.toJsonTree(manifest));
        } catch (InvocationTargetException refused) {
            complaints.add(String.valueOf(refused.getCause()));
        } catch (ReflectiveOperationException missing) {
            throw new AssertionError(missing);
        }
    }

    private void wrongTypes(Map<String, Object> manifest, List<String> complaints) {
        try {
            HasMetadata parsed = fabric8.unmarshal(Chart.yaml(manifest), HasMetadata.class);
            additionalProperties(parsed, parsed.getKind(), complaints);
        } catch (RuntimeException refused) {
            complaints.add(String.valueOf(refused.getMessage()));
        }
    }

    private static void additionalProperties(@Nullable Object value, String path, List<String> complaints) {
        if (value == null || value.getClass().getName().startsWith("java.")) {
            if (value instanceof Collection<?> items) {
                items.forEach(item -> additionalProperties(item, path + "[]", complaints));
            } else if (value instanceof Map<?, ?> map) {
                map.forEach((key, item) -> additionalProperties(item, path + "/" + key, complaints));
            }
            return;
        }
        if (value.getClass().isEnum() || !value.getClass().getName().startsWith("io.fabric8.")) {
            return;
        }
        for (var method : value.getClass().getMethods()) {
            boolean getter = method.getName().startsWith("get")
                    && method.getParameterCount() == 0
                    && method.getDeclaringClass() != Object.class;
            if (!getter) {
                continue;
            }
            try {
                Object property = method.invoke(value);
                if (method.getName().equals("getAdditionalProperties")) {
                    if (property instanceof Map<?, ?> unknown && !unknown.isEmpty()) {
                        complaints.add(path + " has unknown " + unknown.keySet());
                    }
                } else {
                    additionalProperties(property, path + "/" + method.getName().substring(3), complaints);
                }
            } catch (ReflectiveOperationException unreadable) {
                throw new AssertionError(unreadable);
            }
        }
    }

    private record Meta(String name, Map<String, String> labels) {}

    private record Selector(Map<String, String> matchLabels) {}

    private record Endpoint(String port, String path, String interval) {}

    private record MonitorSpec(Selector selector, List<Endpoint> endpoints) {}

    private record ServiceMonitor(String apiVersion, String kind, Meta metadata, MonitorSpec spec) {}

    private record Rule(
            @Nullable String alert,
            @Nullable String record,
            String expr,
            @JsonProperty("for") @Nullable String holdFor,
            @Nullable Map<String, String> labels,
            @Nullable Map<String, String> annotations) {}

    private record Group(String name, @Nullable String interval, List<Rule> rules) {}

    private record RuleSpec(List<Group> groups) {}

    private record PrometheusRule(String apiVersion, String kind, Meta metadata, RuleSpec spec) {}
}
