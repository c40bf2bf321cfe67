/** The templates of the specification, by the names that commands take. */
export const builtInTemplates: Readonly<Record<string, string>> = {
  'code-development': `name: "Code Development Task"
description: "Standard template for implementing new features"

fields:
  - name: feature_name
    type: string
    required: true
  - name: complexity
    type: choice
    options: [simple, medium, complex]
    default: medium

resource_constraints:
  max_tokens: "{{ 5000 if complexity == 'simple' else 15000 if complexity == 'medium' else 25000 }}"
  max_duration_minutes: "{{ 60 if complexity == 'simple' else 180 if complexity == 'medium' else 360 }}"
  allowed_tools: ["file_operations", "code_execution", "web_search"]

# Each part builds on the branch of the part before.
subtask_order: sequential
subtasks:
  - title: "Design {{ feature_name }} architecture"
    description: "Plan the implementation approach and identify components"
  - title: "Implement {{ feature_name }} core functionality"
    description: "Write the main implementation code"
  - title: "Add tests for {{ feature_name }}"
    description: "Create unit and integration tests"
  - title: "Update documentation for {{ feature_name }}"
    description: "Update relevant documentation and examples"
`,
  'bug-fix': `name: "Bug Fix Task"
description: "Template for investigating and fixing bugs"

fields:
  - name: bug_description
    type: text
    required: true
  - name: severity
    type: choice
    options: [low, medium, high, critical]
    default: medium

resource_constraints:
  max_tokens: "{{ 3000 if severity in ['low', 'medium'] else 8000 }}"
  max_duration_minutes: "{{ 30 if severity == 'low' else 60 if severity == 'medium' else 180 }}"
  allowed_tools: ["file_operations", "code_execution", "web_search", "debugging_tools"]

workflow:
  - title: "Reproduce {{ bug_description }}"
    description: "Verify the bug and understand its scope"
  - title: "Investigate root cause"
    description: "Analyze code and logs to identify the underlying issue"
  - title: "Implement fix"
    description: "Make necessary code changes to resolve the issue"
  - title: "Test fix"
    description: "Verify the fix works and doesn't introduce new issues"
`,
};
