{{- define "weft-demo.name" -}}
{{- default .Chart.Name .Values.nameOverride | trunc 63 | trimSuffix "-" }}
{{- end }}

{{- define "weft-demo.fullname" -}}
{{- if .Values.fullnameOverride }}
{{- .Values.fullnameOverride | trunc 63 | trimSuffix "-" }}
{{- else if contains (include "weft-demo.name" .) .Release.Name }}
{{- .Release.Name | trunc 63 | trimSuffix "-" }}
{{- else }}
{{- printf "%s-%s" .Release.Name (include "weft-demo.name" .) | trunc 63 | trimSuffix "-" }}
{{- end }}
{{- end }}

{{- define "weft-demo.selectorLabels" -}}
app.kubernetes.io/name: {{ include "weft-demo.name" . }}
app.kubernetes.io/instance: {{ .Release.Name }}
{{- end }}

{{- define "weft-demo.labels" -}}
{{ include "weft-demo.selectorLabels" . }}
app.kubernetes.io/version: {{ .Chart.AppVersion | quote }}
app.kubernetes.io/managed-by: {{ .Release.Service }}
helm.sh/chart: {{ printf "%s-%s" .Chart.Name .Chart.Version | replace "+" "_" }}
{{- end }}

{{/* What all phases of a shutdown may take together. */}}
{{- define "weft-demo.shutdownSeconds" -}}
{{- with .Values.shutdown }}
{{- add .preStopSeconds .webServerSeconds .gracePeriodSeconds .abortPeriodSeconds }}
{{- end }}
{{- end }}

{{- define "weft-demo.terminationGracePeriodSeconds" -}}
{{- $phases := include "weft-demo.shutdownSeconds" . | int }}
{{- $given := .Values.shutdown.terminationGracePeriodSeconds }}
{{- if kindIs "invalid" $given }}
{{- add $phases 10 }}
{{- else if le (int $given) $phases }}
{{- fail (printf "shutdown.terminationGracePeriodSeconds is %d, allowed: more than %d, which is what the phases of the shutdown take together" (int $given) $phases) }}
{{- else }}
{{- $given }}
{{- end }}
{{- end }}
